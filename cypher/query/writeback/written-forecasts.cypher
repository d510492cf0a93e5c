// How many forecasts and proposals a generation has, and which clusters came into focus with it.
// mode: read
// parameter generation: string
// column forecasts: integer, 0 or more
// column proposals: integer, 0 or more
// column entered: list of string, codes of clusters, in order
// example generation: fc:2026-01-01t00:00:00.000z:000000
MATCH (forecast:Forecast {generation: $generation})<-[:HAS_FORECAST]-(cluster:JobCluster)
WITH forecast, cluster ORDER BY cluster.code
RETURN count(forecast) AS forecasts,
       sum(COUNT { (forecast)-[:PROPOSES]->(:Resource) }) AS proposals,
       collect(CASE WHEN forecast.focusSince = forecast.createdAt THEN cluster.code END) AS entered
