// The active generation; no record before the first.
// mode: read
// column code: string
// column createdAt: datetime
// column activatedAt: datetime or null
// column dataThrough: date
// column config: string or null, JSON
// column metrics: string or null, JSON
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
RETURN generation.code AS code, generation.createdAt AS createdAt, generation.activatedAt AS activatedAt,
       generation.dataThrough AS dataThrough, generation.config AS config, generation.metrics AS metrics
