// What job clusters demand in a generation, the highest level first.
// mode: read
// parameter codes: list of string
// parameter generation: string
// column code: string
// column rows: list of map, {capability, name, level}
// example codes: ["demo:1"]
// example generation: fc:g1
MATCH (cluster:JobCluster)
WHERE cluster.code IN $codes
RETURN cluster.code AS code,
       COLLECT {
         MATCH (cluster)-[level:DEMANDS {generation: $generation}]->(capability:Capability)
         RETURN {capability: capability.code, name: capability.name, level: level.level}
         ORDER BY level.level DESC, capability.code
       } AS rows
