// Capability units that skills count towards, the heaviest first.
// mode: read
// parameter codes: list of string, codes of skills
// column code: string
// column rows: list of map, {capability, name, weight}
// example codes: ["demo:1"]
MATCH (skill:Skill)
WHERE skill.code IN $codes
RETURN skill.code AS code,
       COLLECT {
         MATCH (skill)-[maps:MAPS_TO]->(capability:Capability)
         RETURN {capability: capability.code, name: capability.name, weight: maps.weight}
         ORDER BY maps.weight DESC, capability.code
       } AS rows
