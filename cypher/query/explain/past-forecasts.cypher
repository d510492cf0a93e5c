// Forecasts of a job cluster, the latest window first, against what came: counted from the postings of the graph, and put
// into a class by the cut points of the forecast's own generation. Nulls where the window is not over yet.
// mode: read
// parameter cluster: string, code of a job cluster
// column generation: string
// column month: date, first day of the window that was foretold
// column origin: date, first day of the last month that was known
// column demandClass: string, as foretold
// column actualClass: string or null
// column hit: boolean or null, the class was right
// column expected: float, 0 or more, postings
// column actual: integer or null, 0 or more, postings
// column change: float, -1 or more, rate as foretold
// column actualChange: float or null, -1 or more
// column intensity: float, 0 to 1, as foretold
// column actualIntensity: float or null, 0 to 1
// column within: boolean or null, the actual intensity lies within the interval
// example cluster: fc:data-analyst
MATCH (cluster:JobCluster {code: $cluster})
// The months that the graph knows to their end, by the later of the two active generations.
WITH cluster, COLLECT {
  MATCH (pointer:ActivePointer {code: 'active'})
  UNWIND [pointer.generation, pointer.forecastGeneration] AS code
  MATCH (active:Generation {code: code})
  RETURN active.dataThrough ORDER BY active.dataThrough DESC LIMIT 1
} AS known, COLLECT {
  MATCH (cluster)<-[:IN_CLUSTER]-(job:Job)
  WITH date.truncate('month', job.releasedOn) AS month, count(*) AS postings
  RETURN {month: month, postings: postings}
} AS months
MATCH (cluster)-[:HAS_FORECAST]->(forecast:Forecast)
MATCH (generation:Generation {code: forecast.generation})
WHERE generation.activatedAt IS NOT NULL
WITH forecast, generation, months, forecast.month + duration({months: generation.horizon}) AS end,
     forecast.month - duration({months: generation.horizon}) AS start, known[0] AS through
WITH forecast, generation,
     through >= end - duration({days: 1}) AS over,
     reduce(sum = 0, each IN months |
       sum + CASE WHEN each.month >= start AND each.month < forecast.month THEN each.postings ELSE 0 END) AS last,
     reduce(sum = 0, each IN months |
       sum + CASE WHEN each.month >= forecast.month AND each.month < end THEN each.postings ELSE 0 END) AS came
WITH forecast, generation, CASE WHEN over THEN came END AS actual, (came + 1.0) / (last + 1.0) AS ratio
WITH forecast, generation, actual, generation.activatedAt AS activatedAt,
     CASE WHEN actual IS NOT NULL THEN ratio - 1 END AS actualChange,
     CASE WHEN log(1 + actual) > log(1 + generation.ceiling) THEN 1.0
          ELSE log(1 + actual) / log(1 + generation.ceiling) END AS actualIntensity,
     CASE
       WHEN actual IS NULL THEN null
       WHEN actual < generation.lowCut THEN 'LOW_DEMAND'
       WHEN log(ratio) < generation.changeCuts[0] THEN 'DECLINE'
       WHEN log(ratio) < generation.changeCuts[1] THEN 'STABLE'
       WHEN log(ratio) < generation.changeCuts[2] THEN 'GROWTH'
       ELSE 'HIGH_GROWTH'
     END AS actualClass
RETURN generation.code AS generation, forecast.month AS month, forecast.origin AS origin,
       forecast.demandClass AS demandClass, actualClass, actualClass = forecast.demandClass AS hit,
       forecast.expected AS expected, actual, forecast.change AS change, actualChange,
       forecast.intensity AS intensity, actualIntensity,
       forecast.lower <= actualIntensity AND actualIntensity <= forecast.upper AS within
ORDER BY month DESC, activatedAt DESC
