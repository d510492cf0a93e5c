// Whether a generation is active.
// mode: read
// column active: boolean
OPTIONAL MATCH (:ActivePointer {code: 'active'})-[:POINTS_AT]->(generation:Generation)
RETURN generation IS NOT NULL AS active
