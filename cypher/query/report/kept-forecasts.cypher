// Every forecast that was active once, with the cut points that its generation went by: all it takes to hold it against
// what came.
// mode: read
// column generation: string
// column activatedAt: datetime
// column horizon: integer, 1 or more, months of the window
// column lowCut: float, 0 or more, postings of a window below which demand is low
// column changeCuts: list of float, rising log changes that part the other classes
// column ceiling: float, 0 or more, postings of a window that count as intensity 1
// column cluster: string, code of a job cluster
// column month: date, first day of the window that was foretold
// column demandClass: string, as foretold
// column probabilities: list of float, 0 to 1, in the order of the classes
// column intensity: float, 0 to 1
// column lower: float, 0 to 1
// column upper: float, 0 to 1
// column change: float, -1 or more
// scan: all forecasts are held against what came
MATCH (generation:Generation {kind: 'forecast'})
WHERE generation.activatedAt IS NOT NULL
MATCH (cluster:JobCluster)-[:HAS_FORECAST {generation: generation.code}]->(forecast:Forecast)
RETURN generation.code AS generation, generation.activatedAt AS activatedAt, generation.horizon AS horizon,
       generation.lowCut AS lowCut, generation.changeCuts AS changeCuts, generation.ceiling AS ceiling,
       cluster.code AS cluster, forecast.month AS month, forecast.demandClass AS demandClass,
       forecast.probabilities AS probabilities, forecast.intensity AS intensity, forecast.lower AS lower,
       forecast.upper AS upper, forecast.change AS change
ORDER BY activatedAt DESC, cluster
