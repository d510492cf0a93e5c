// Let readers see a complete generation in the place of the one before, all in this one transaction. Readers go by a
// property of the pointer, which changes in one write. The relationship is for the eye: while it is replaced, a reader may
// find both ends, or none.
// mode: write
// parameter generation: string, code of a complete generation
// parameter at: datetime, now
MATCH (generation:Generation {code: $generation})
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'complete'
MERGE (pointer:ActivePointer {code: 'active'})
  ON CREATE SET pointer.source = 'fc', pointer.createdAt = $at
SET
  pointer.generation = $generation,
  pointer.updatedAt = $at,
  generation.status = 'active',
  generation.activatedAt = $at
WITH pointer, generation
OPTIONAL MATCH (pointer)-[old:POINTS_AT]->(before:Generation)
WHERE coalesce(before.kind, 'gaps') = 'gaps'
SET before.status = 'retired', before.updatedAt = $at
CREATE (pointer)-[:POINTS_AT]->(generation)
DELETE old
