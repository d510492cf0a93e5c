// Delete some gaps of a retired generation, with all their relationships.
// mode: write
// parameter generation: string, code of a retired generation
// parameter most: integer, 1 or more, gaps in one transaction
MATCH (gap:Gap {generation: $generation})
WITH gap
LIMIT $most
DETACH DELETE gap
