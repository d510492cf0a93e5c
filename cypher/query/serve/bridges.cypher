// Resources that bridge gaps, best first, with what each covers.
// mode: read
// parameter codes: list of string, codes of gaps
// column code: string
// column rows: list of map, the resource, the terms of its score, and covers
// example codes: ["demo:1"]
MATCH (gap:Gap)
WHERE gap.code IN $codes
RETURN gap.code AS code,
       COLLECT {
         MATCH (gap)<-[bridge:BRIDGES]-(resource:Resource)
         RETURN {
           code: resource.code, name: resource.name, policyLevel: resource.policyLevel,
           kind: [label IN labels(resource) WHERE label <> 'Resource'][0],
           score: bridge.score, contribution: bridge.contribution,
           similarityToStudent: bridge.similarityToStudent, similarityToGoal: bridge.similarityToGoal,
           covers: COLLECT {
             MATCH (gap)-[lack:LACKS]->(capability:Capability)<-[improves:IMPROVES]-(resource)
             WHERE improves.generation = gap.generation
             WITH lack, capability,
                  CASE WHEN improves.level < lack.amount THEN improves.level ELSE lack.amount END AS amount
             RETURN {
               capability: capability.code, name: capability.name,
               demanded: lack.demanded, held: lack.held, amount: amount
             }
             ORDER BY amount DESC, capability.code
           }
         }
         ORDER BY bridge.rank, resource.code
       } AS rows
