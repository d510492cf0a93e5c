// Whether a generation is active.
// mode: read
// column active: boolean
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
OPTIONAL MATCH (generation:Generation {code: pointer.generation})
RETURN generation IS NOT NULL AS active
