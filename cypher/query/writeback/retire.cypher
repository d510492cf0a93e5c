// Take over from runs that never ended: whatever they still try to write is refused from now on.
// mode: write
// parameter at: datetime, now
// scan: there are a handful of generations, and one of forecasts a run
MATCH (generation:Generation)
WHERE coalesce(generation.kind, 'gaps') = 'gaps'
// The lock comes before the look: a run may be about to activate its generation.
SET generation.name = generation.name
WITH generation
WHERE generation.status IN ['writing', 'complete']
SET generation.status = 'retired', generation.updatedAt = $at
