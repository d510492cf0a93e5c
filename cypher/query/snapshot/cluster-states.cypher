// What the forecast of a job cluster is made from: its state by a model, and the last window of the active generation of
// forecasts. A cluster without either is left out.
// mode: read
// parameter codes: list of string, codes of job clusters
// parameter model: string, code of the generation whose model made the states
// column code: string
// column name: string or null
// column embedding: list of float, the state
// column before: float, 0 or more, postings of the last window
// column month: date, first day of the window that is foretold
// column threshold: float, of the warning index
// example codes: ["demo:1"]
// example model: fc:g1
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.forecastGeneration AS active
  LIMIT 1
MATCH (generation:Generation {code: active})
UNWIND $codes AS code
MATCH (cluster:JobCluster {code: code})
WHERE cluster.embeddingGeneration = $model AND cluster.embedding IS NOT NULL
MATCH (forecast:Forecast {code: active + ':' + code})
RETURN code, cluster.name AS name, cluster.embedding AS embedding, forecast.before AS before, forecast.month AS month,
       generation.threshold AS threshold
