// Gaps of students in a generation, best goals first.
// mode: read
// parameter codes: list of string, codes of students
// parameter generation: string
// column code: string
// column rows: list of map, {gap, goal, goalName, value, match}
// example codes: ["demo:1"]
// example generation: fc:g1
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code,
       COLLECT {
         MATCH (student)-[:HAS_GAP {generation: $generation}]->(gap:Gap)-[:TOWARD]->(goal:JobCluster)
         RETURN {gap: gap.code, goal: goal.code, goalName: goal.name, value: gap.value, match: gap.match}
         ORDER BY gap.rank, goal.code
       } AS rows
