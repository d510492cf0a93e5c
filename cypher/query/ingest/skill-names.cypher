// Names of all skills that are not closed, as four lists in the order of their codes.
// mode: read
// column codes: list of string
// column names: list of string
// column english: list of list of string
// column chinese: list of list of string
// scan: every name of every skill is looked for in the texts
MATCH (skill:Skill)
WHERE skill.closedAt IS NULL
WITH skill ORDER BY skill.code
RETURN
  collect(skill.code) AS codes,
  collect(coalesce(skill.name, '')) AS names,
  collect(coalesce(skill.aliasesEn, [])) AS english,
  collect(coalesce(skill.aliasesZh, [])) AS chinese
