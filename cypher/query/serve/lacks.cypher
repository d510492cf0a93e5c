// What gaps lack, unit by unit, the largest amount first.
// mode: read
// parameter codes: list of string, codes of gaps
// column code: string
// column rows: list of map, {capability, name, demanded, held, amount}
// example codes: ["demo:1"]
MATCH (gap:Gap)
WHERE gap.code IN $codes
RETURN gap.code AS code,
       COLLECT {
         MATCH (gap)-[lack:LACKS]->(capability:Capability)
         RETURN {
           capability: capability.code, name: capability.name,
           demanded: lack.demanded, held: lack.held, amount: lack.amount
         }
         ORDER BY lack.amount DESC, capability.code
       } AS rows
