// Past forecasts, of windows that are over by a day. Of several of one job cluster and window the latest counts.
// mode: read
// parameter after: date, first days of last known months from then on
// parameter through: date, last day that is known
// column cluster: string, code of the job cluster
// column origin: date, first day of the last month that was known
// column horizon: integer, 1 or more, months of the window
// column before: float, 0 or more, postings of the window before
// column change: float, -1 or more, rate as foretold
// column probabilities: list of float, 0 to 1, in the order of the classes
// column lower: float, 0 to 1, of the interval of the intensity
// column upper: float, 0 to 1
// column ceiling: float, postings that count as intensity 1
// column lowCut: float, 0 or more
// column changeCuts: list of float
// example after: 2024-01-01
// example through: 2026-01-01
MATCH (forecast:Forecast)<-[:HAS_FORECAST]-(cluster:JobCluster)
WHERE forecast.origin >= $after
MATCH (generation:Generation {code: forecast.generation})
WHERE generation.activatedAt IS NOT NULL
  AND forecast.month + duration({months: generation.horizon}) - duration({days: 1}) <= $through
WITH forecast, generation, cluster
  ORDER BY generation.activatedAt DESC
WITH cluster, forecast.origin AS origin, generation.horizon AS horizon, head(collect([forecast, generation])) AS newest
WITH cluster, origin, horizon, newest[0] AS forecast, newest[1] AS generation
RETURN cluster.code AS cluster, origin, horizon, forecast.before AS before, forecast.change AS change,
       forecast.probabilities AS probabilities, forecast.lower AS lower, forecast.upper AS upper,
       generation.ceiling AS ceiling, generation.lowCut AS lowCut, generation.changeCuts AS changeCuts
ORDER BY origin, cluster
