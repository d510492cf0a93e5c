// Job clusters in focus, the highest warning index first, with the resources that bridge the widest gap for most students,
// and how many chains from before the cluster came into focus are still to be renewed.
// mode: read
// column cluster: string
// column name: string or null
// column month: date, first day of the window that is foretold
// column demandClass: string
// column warning: float
// column intensity: float, 0 to 1
// column change: float, -1 or more
// column gap: float, 0 to 1
// column confidence: float, 0 to 1
// column focusSince: datetime
// column renewals: integer, 0 or more, chains toward it that are older than its focus
// column proposals: list of map, {resource, name, students, amount}; best first
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.generation AS current, pointer.forecastGeneration AS active
  LIMIT 1
MATCH (forecast:Forecast {generation: active})
WHERE forecast.focus
MATCH (cluster:JobCluster)-[:HAS_FORECAST]->(forecast)
OPTIONAL MATCH (gaps:Generation {code: current})
RETURN cluster.code AS cluster, cluster.name AS name, forecast.month AS month, forecast.demandClass AS demandClass,
       forecast.warning AS warning, forecast.intensity AS intensity, forecast.change AS change, forecast.gap AS gap,
       forecast.confidence AS confidence, forecast.focusSince AS focusSince,
       CASE WHEN gaps.createdAt < forecast.focusSince
         THEN COUNT { (cluster)<-[:TOWARD {generation: current}]-(:Gap) } ELSE 0 END AS renewals,
       COLLECT {
         MATCH (forecast)-[proposes:PROPOSES]->(resource:Resource)
         RETURN {
           resource: resource.code, name: resource.name, students: proposes.students, amount: proposes.amount
         }
         ORDER BY proposes.rank
       } AS proposals
ORDER BY warning DESC, cluster
