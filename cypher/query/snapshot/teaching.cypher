// What each resource teaches.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a resource
// column ends: list of list of any, skill and level, 0 to 1
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (resource:Resource)-[edge:TEACHES]->(skill:Skill)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN resource.code AS start, collect([skill.code, edge.level]) AS ends
