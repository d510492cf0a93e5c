// Generations of forecasts that never became active; those that did are kept, with their forecasts, as history.
// mode: read
// column generation: string
// scan: there is a generation a run
MATCH (generation:Generation)
WHERE generation.kind = 'forecast' AND generation.status = 'retired' AND generation.activatedAt IS NULL
RETURN generation.code AS generation
ORDER BY generation
