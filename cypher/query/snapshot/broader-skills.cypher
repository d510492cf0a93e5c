// The broader skills of each skill.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a skill
// column ends: list of list of any, a broader skill each
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (skill:Skill)-[edge:BROADER]->(broader:Skill)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN skill.code AS start, collect([broader.code]) AS ends
