// All skills, of whatever vocabulary.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column codes: list of string
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (skill:Skill)
WHERE skill.closedAt IS NULL OR skill.closedAt > $asOf
RETURN collect(skill.code) AS codes
