// The active generation, and the code of the active generation of forecasts; no record before the first of either.
// mode: read
// column code: string or null, null where only forecasts have been written
// column createdAt: datetime or null
// column activatedAt: datetime or null
// column dataThrough: date or null
// column config: string or null, JSON
// column metrics: string or null, JSON
// column forecast: string or null, code of the active generation of forecasts
MATCH (pointer:ActivePointer {code: 'active'})
OPTIONAL MATCH (generation:Generation {code: pointer.generation})
RETURN generation.code AS code, generation.createdAt AS createdAt, generation.activatedAt AS activatedAt,
       generation.dataThrough AS dataThrough, generation.config AS config, generation.metrics AS metrics,
       pointer.forecastGeneration AS forecast
