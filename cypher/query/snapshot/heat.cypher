// How much job clusters are in demand by the active generation of forecasts, as far as it was made by a day.
// mode: read
// parameter day: date, last known day
// column cluster: string, code
// column intensity: float, 0 to 1
// example day: 2026-01-01
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.forecastGeneration AS active
  LIMIT 1
MATCH (forecast:Forecast {generation: active})<-[:HAS_FORECAST]-(cluster:JobCluster)
WHERE forecast.origin <= $day
RETURN cluster.code AS cluster, forecast.intensity AS intensity
