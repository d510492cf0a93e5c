// Which capability units each skill counts towards.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a skill
// column ends: list of list of any, capability unit and weight, 0 to 1
// scan: a job reads all relationships of the type
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (skill:Skill)-[edge:MAPS_TO]->(capability:Capability)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN skill.code AS start, collect([capability.code, edge.weight]) AS ends
