// A class: its students and the best gap of each, with the goal.
// mode: read
// parameter class: string, name of a class group
// column member: path
// column gap: path or null
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH member = (:ClassGroup {name: $class})<-[:MEMBER_OF]-(student:Student)
OPTIONAL MATCH gap = (student)-[:HAS_GAP]->(:Gap {generation: generation.code, rank: 1})-[:TOWARD]->(:JobCluster)
RETURN member, gap
LIMIT 300
