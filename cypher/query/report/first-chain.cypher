// One student and goal of the active generation whose gap some resource narrows: something to try first.
// mode: read
// column student: string
// column goal: string
// scan: the first gap of the generation that has a bridge is enough
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH (gap:Gap {generation: generation.code})
WHERE EXISTS { (gap)<-[:BRIDGES]-(:Resource) }
WITH gap LIMIT 50
MATCH (student:Student)-[:HAS_GAP]->(gap)-[:TOWARD]->(goal:JobCluster)
RETURN student.code AS student, goal.code AS goal
ORDER BY gap.rank, student, goal
LIMIT 1
