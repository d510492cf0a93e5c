// Skills that count towards capability units, the heaviest first, at most a hundred each.
// mode: read
// parameter codes: list of string, codes of capability units
// column code: string
// column rows: list of map, {code, name, aliases}
// example codes: ["demo:1"]
MATCH (capability:Capability)
WHERE capability.code IN $codes
RETURN capability.code AS code,
       COLLECT {
         MATCH (capability)<-[maps:MAPS_TO]-(skill:Skill)
         WHERE skill.closedAt IS NULL
         WITH skill, maps ORDER BY maps.weight DESC, skill.code LIMIT 100
         RETURN {
           code: skill.code, name: skill.name,
           aliases: coalesce(skill.aliasesEn, []) + coalesce(skill.aliasesZh, [])
         }
       } AS rows
