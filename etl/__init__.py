"""How data comes in: rows are read, transformed, loaded and pruned. Siblings meet this package in Neo4j only."""
