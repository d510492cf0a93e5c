// The active generation of forecasts; no row before the first.
// mode: read
// column generation: string
// column activatedAt: datetime
// column dataThrough: date
// column metrics: string, measured figures as JSON
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.forecastGeneration})
RETURN
  generation.code AS generation,
  generation.activatedAt AS activatedAt,
  generation.dataThrough AS dataThrough,
  generation.metrics AS metrics
