// Generations of gaps that are no longer active, or never were; the one that was active last comes first.
// mode: read
// column generation: string
// column wasActive: boolean
// scan: there are a handful of generations, and one of forecasts a run
MATCH (generation:Generation)
WHERE generation.status = 'retired' AND coalesce(generation.kind, 'gaps') = 'gaps'
WITH generation, generation.activatedAt IS NOT NULL AS wasActive
  ORDER BY wasActive DESC, generation.activatedAt DESC, generation.code
RETURN generation.code AS generation, wasActive
