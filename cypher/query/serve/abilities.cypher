// What students can do in a generation, the highest level first.
// mode: read
// parameter codes: list of string
// parameter generation: string
// column code: string
// column rows: list of map, {capability, name, level}
// example codes: ["demo:1"]
// example generation: fc:g1
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code,
       COLLECT {
         MATCH (student)-[level:HAS_CAPABILITY {generation: $generation}]->(capability:Capability)
         RETURN {capability: capability.code, name: capability.name, level: level.level}
         ORDER BY level.level DESC, capability.code
       } AS rows
