// Job clusters that can be a goal, with what they demand and what is foretold of them, in order of code.
// mode: read
// parameter generation: string
// parameter forecast: string or null, code of the active generation of forecasts
// parameter day: date, the reference day of the generation; a forecast of later is left out
// column clusters: list of list of any, code, name, Chinese name or null, number of postings, demands as [unit, level], intensity or null, demand class or null, change or null
// scan: the service reads the whole label once a generation
// example generation: fc:g1
// example forecast: fc:f1
// example day: 2026-01-01
MATCH (cluster:JobCluster)
WHERE cluster.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
OPTIONAL MATCH (forecast:Forecast {code: $forecast + ':' + cluster.code})
WHERE coalesce(forecast.origin <= $day, true)
WITH cluster, forecast ORDER BY cluster.code
RETURN collect([
  cluster.code, coalesce(cluster.name, cluster.code), head(cluster.aliasesZh),
  COUNT { (cluster)<-[:IN_CLUSTER]-() },
  COLLECT {
    MATCH (cluster)-[demands:DEMANDS {generation: $generation}]->(unit:Capability)
    RETURN [unit.code, demands.level]
  },
  forecast.intensity, forecast.demandClass, forecast.change
]) AS clusters
