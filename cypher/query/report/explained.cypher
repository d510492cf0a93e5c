// What the explanations of students' lists stand on, hop by hop: what is held, gaps with what they lack and what closes
// them, and the items with what links them to a goal.
// mode: read
// parameter codes: list of string, codes of students
// parameter generation: string
// column code: string
// column abilities: list of list of any, capability unit and level
// column gaps: list of map, {goal, value, own, demands, lacks, bridges}; best goals first; demands are [unit, level], lacks are [unit, demanded, held, amount], bridges are [resource, kind, contribution], best first
// column items: list of map, {path, rank, score, match, gap, contribution, heat, goal, terms, item, kind, leads, units}; in order of path and rank; leads says whether it is of the goal's cluster or prepares for it, units are [unit, level] that it improves, or those that a posting asks for
// example codes: ["demo:student:1"]
// example generation: fc:g1
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code,
       COLLECT {
         MATCH (student)-[held:HAS_CAPABILITY {generation: $generation}]->(unit:Capability)
         RETURN [unit.code, held.level] ORDER BY unit.code
       } AS abilities,
       COLLECT {
         MATCH (student)-[:HAS_GAP {generation: $generation}]->(gap:Gap)-[:TOWARD]->(goal:JobCluster)
         RETURN {
           goal: goal.code, value: gap.value, own: coalesce(gap.ownGoal, false),
           demands: COLLECT {
             MATCH (goal)-[demand:DEMANDS {generation: $generation}]->(unit:Capability)
             RETURN [unit.code, demand.level] ORDER BY unit.code
           },
           lacks: COLLECT {
             MATCH (gap)-[lack:LACKS]->(unit:Capability)
             RETURN [unit.code, lack.demanded, lack.held, lack.amount] ORDER BY lack.amount DESC, unit.code
           },
           bridges: COLLECT {
             MATCH (gap)<-[bridge:BRIDGES]-(resource:Resource)
             RETURN [
               resource.code, [label IN labels(resource) WHERE label <> 'Resource'][0], bridge.contribution
             ]
             ORDER BY bridge.rank, resource.code
           }
         }
         ORDER BY gap.rank, goal.code
       } AS gaps,
       COLLECT {
         MATCH (student)-[listed:RECOMMENDED {generation: $generation}]->(item)
         RETURN {
           path: listed.path, rank: listed.rank, score: listed.score, match: listed.match, gap: listed.gap,
           contribution: listed.contribution, heat: listed.heat, goal: listed.goal, terms: listed.terms,
           item: item.code,
           kind: CASE WHEN item:Job THEN 'Job' ELSE [label IN labels(item) WHERE label <> 'Resource'][0] END,
           leads: EXISTS {
             MATCH (item)-[leads:IN_CLUSTER|PREPARES_FOR]->(:JobCluster {code: listed.goal})
             WHERE leads.closedAt IS NULL
           },
           units: CASE
             WHEN item:Job THEN COLLECT {
               MATCH (item)-[requires:REQUIRES]->(:Skill)-[maps:MAPS_TO]->(unit:Capability)
               WHERE requires.closedAt IS NULL AND maps.closedAt IS NULL
               RETURN DISTINCT [unit.code, 1.0]
             }
             ELSE COLLECT {
               MATCH (item)-[improves:IMPROVES {generation: $generation}]->(unit:Capability)
               RETURN [unit.code, improves.level]
             }
           END
         }
         ORDER BY listed.path, listed.rank, item.code
       } AS items
