// Skills by code, with all further names.
// mode: read
// parameter codes: list of string
// column code: string
// column name: string or null
// column aliases: list of string
// example codes: ["demo:1"]
MATCH (skill:Skill)
WHERE skill.code IN $codes
RETURN skill.code AS code, skill.name AS name,
       coalesce(skill.aliasesEn, []) + coalesce(skill.aliasesZh, []) AS aliases
