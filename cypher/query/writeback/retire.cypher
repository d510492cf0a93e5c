// Take over from runs that never ended: whatever they still try to write is refused from now on.
// mode: write
// parameter at: datetime, now
// scan: there are a handful of generations
MATCH (generation:Generation)
WHERE generation.status IN ['writing', 'complete']
SET generation.status = 'retired', generation.updatedAt = $at
