// All gaps of a student: toward which goals, and what each of them lacks.
// mode: read
// parameter student: string, code of a student
// column path: path
// column lack: path or null
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH path = (:Student {code: $student})-[:HAS_GAP]->(gap:Gap {generation: generation.code})-[:TOWARD]->(:JobCluster)
OPTIONAL MATCH lack = (gap)-[:LACKS]->(:Capability)
RETURN path, lack
LIMIT 300
