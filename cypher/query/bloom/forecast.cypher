// What is foretold of a job cluster, and the resources that are proposed for it.
// mode: read
// parameter cluster: string, name of a job cluster
// column path: path
// column proposal: path or null
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.forecastGeneration AS active
  LIMIT 1
MATCH path = (:JobCluster {name: $cluster})-[:HAS_FORECAST]->(forecast:Forecast)
WHERE forecast.generation = active
OPTIONAL MATCH proposal = (forecast)-[:PROPOSES]->(:Resource)
RETURN path, proposal
LIMIT 300
