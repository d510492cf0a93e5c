// Open skills of other sources that correspond to an ESCO concept, as two lists.
// mode: read
// parameter source: string, the source that is being loaded
// column uris: list of string
// column codes: list of string
// scan: all skills are looked at, once a load
MATCH (skill:Skill)
WHERE skill.esco IS NOT NULL AND skill.source <> $source AND skill.closedAt IS NULL
WITH skill ORDER BY skill.code
RETURN collect(skill.esco) AS uris, collect(skill.code) AS codes
