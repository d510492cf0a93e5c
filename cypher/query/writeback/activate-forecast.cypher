// Let readers see a complete generation of forecasts in the place of the one before, all in this one transaction. Readers
// go by a property of the pointer of its own, so that the generations of gaps and of forecasts change each by itself.
// mode: write
// parameter generation: string, code of a complete generation of forecasts
// parameter at: datetime, now
MATCH (generation:Generation {code: $generation})
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'complete'
MERGE (pointer:ActivePointer {code: 'active'})
  ON CREATE SET pointer.source = 'fc', pointer.createdAt = $at
SET
  pointer.forecastGeneration = $generation,
  pointer.updatedAt = $at,
  generation.status = 'active',
  generation.activatedAt = $at
WITH pointer, generation
OPTIONAL MATCH (pointer)-[old:POINTS_AT]->(before:Generation)
WHERE before.kind = 'forecast'
SET before.status = 'retired', before.updatedAt = $at
CREATE (pointer)-[:POINTS_AT]->(generation)
DELETE old
