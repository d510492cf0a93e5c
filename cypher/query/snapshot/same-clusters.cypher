// Job clusters of two occupation standards that mean the same.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a job cluster
// column ends: list of list of any, job cluster and how sure, 0 to 1
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (cluster:JobCluster)-[edge:SAME_AS]->(same:JobCluster)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN cluster.code AS start, collect([same.code, edge.score]) AS ends
