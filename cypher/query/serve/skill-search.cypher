// Skills whose name or alias holds the words of a search, best first.
// mode: read
// parameter search: string, words; no query syntax
// parameter first: integer, 0 to 100
// column code: string
// column name: string or null
// column aliases: list of string
// example search: data
// example first: 20
WITH trim(reduce(text = $search, sign IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, sign, ' '))) AS words
WHERE words <> ''
CALL db.index.fulltext.queryNodes('skill_search', toLower(words)) YIELD node AS skill, score
WHERE skill.closedAt IS NULL
RETURN skill.code AS code, skill.name AS name,
       coalesce(skill.aliasesEn, []) + coalesce(skill.aliasesZh, []) AS aliases
ORDER BY score DESC, code
LIMIT $first
