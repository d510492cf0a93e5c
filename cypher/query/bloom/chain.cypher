// The association chain of a student toward a goal: gap, what it lacks, and the resources that close it.
// mode: read
// parameter student: string, code of a student
// parameter goal: string, name of a job cluster
// column path: path
// column lack: path or null
// column step: path or null
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH path = (:Student {code: $student})-[:HAS_GAP]->(gap:Gap {generation: generation.code})-[:TOWARD]->(:JobCluster {name: $goal})
OPTIONAL MATCH lack = (gap)-[:LACKS]->(capability:Capability)
OPTIONAL MATCH step = (gap)<-[:BRIDGES]-(:Resource)-[:IMPROVES {generation: generation.code}]->(capability)
RETURN path, lack, step
LIMIT 300
