// The chain of a student toward a goal in the active generation: gap, what is lacking, and resources that narrow it.
// mode: read
// parameter student: string, code of a student
// parameter cluster: string or null, code of a job cluster; left out for the student's best goal
// column generation: string
// column cluster: string, code of the goal
// column clusterName: string or null
// column gap: string, code of the gap
// column value: float, 0 or more, sum of the shortfalls
// column match: float, 0 to 1
// column ownGoal: boolean
// column lacks: list of map, capability, name, demanded, held, amount; largest amount first, then code
// column steps: list of map, resource, name, kind, score, similarityToStudent, similarityToGoal, contribution, rank, covers; best first
// example student: demo:student:1
// example cluster: fc:data-analyst
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH (student:Student {code: $student})-[:HAS_GAP {generation: generation.code}]->(gap:Gap)
MATCH (gap)-[:TOWARD]->(cluster:JobCluster)
WHERE $cluster IS NULL OR cluster.code = $cluster
WITH generation, gap, cluster
ORDER BY gap.rank, cluster.code
LIMIT 1
RETURN
  generation.code AS generation,
  cluster.code AS cluster,
  cluster.name AS clusterName,
  gap.code AS gap,
  gap.value AS value,
  gap.match AS match,
  gap.ownGoal AS ownGoal,
  COLLECT {
    MATCH (gap)-[lack:LACKS]->(capability:Capability)
    RETURN {
      capability: capability.code,
      name: capability.name,
      demanded: lack.demanded,
      held: lack.held,
      amount: lack.amount
    }
    ORDER BY lack.amount DESC, capability.code
  } AS lacks,
  COLLECT {
    MATCH (gap)<-[bridge:BRIDGES]-(resource:Resource)
    RETURN {
      resource: resource.code,
      name: resource.name,
      kind: [label IN labels(resource) WHERE label <> 'Resource'][0],
      score: bridge.score,
      similarityToStudent: bridge.similarityToStudent,
      similarityToGoal: bridge.similarityToGoal,
      contribution: bridge.contribution,
      rank: bridge.rank,
      covers: COLLECT {
        MATCH (gap)-[lack:LACKS]->(capability:Capability)
        MATCH (resource)-[improves:IMPROVES {generation: generation.code}]->(capability)
        WITH
          lack,
          capability,
          CASE WHEN improves.level < lack.amount THEN improves.level ELSE lack.amount END AS covered
        RETURN {
          capability: capability.code,
          name: capability.name,
          demanded: lack.demanded,
          held: lack.held,
          amount: covered
        }
        ORDER BY covered DESC, capability.code
      }
    }
    ORDER BY bridge.rank, resource.code
  } AS steps
