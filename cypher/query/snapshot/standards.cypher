// The skills that occupation standards ask for.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a job cluster
// column ends: list of list of any, skill, level 0 to 1, and whether it is essential
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (cluster:JobCluster)-[edge:TYPICALLY_REQUIRES]->(skill:Skill)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN cluster.code AS start, collect([skill.code, edge.level, coalesce(edge.essential, true)]) AS ends
