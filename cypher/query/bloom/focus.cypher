// Job clusters in focus: what is foretold of them, and the resources that are proposed.
// mode: read
// column path: path
// column proposal: path or null
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.forecastGeneration AS active
  LIMIT 1
MATCH (forecast:Forecast {generation: active})
WHERE forecast.focus
MATCH path = (:JobCluster)-[:HAS_FORECAST]->(forecast)
OPTIONAL MATCH proposal = (forecast)-[:PROPOSES]->(:Resource)
RETURN path, proposal
LIMIT 300
