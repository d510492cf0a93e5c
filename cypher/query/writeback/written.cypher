// How many gaps a generation has.
// mode: read
// parameter generation: string
// column gaps: integer
// example generation: fc:2026-01-01t00:00:00.000z:000000
MATCH (gap:Gap {generation: $generation})
RETURN count(gap) AS gaps
