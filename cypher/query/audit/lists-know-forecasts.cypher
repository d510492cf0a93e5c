// Whether the active lists were made after the active forecasts, so that demand counts in them.
// mode: read
// column active: boolean
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
OPTIONAL MATCH (lists:Generation {code: pointer.generation})
OPTIONAL MATCH (forecast:Generation {code: pointer.forecastGeneration})
RETURN coalesce(lists.activatedAt >= forecast.activatedAt, false) AS active
