// The job clusters that resources were made for.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a resource
// column ends: list of list of any, a job cluster each
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (resource:Resource)-[edge:PREPARES_FOR]->(cluster:JobCluster)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN resource.code AS start, collect([cluster.code]) AS ends
