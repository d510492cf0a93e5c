// Mark a generation as written to its end.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter metrics: string, measured figures as JSON
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
SET generation.status = 'complete', generation.metrics = $metrics
