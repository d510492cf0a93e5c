// Chains that are due for renewal: gaps toward job clusters that came into focus after the active generation of gaps was
// started. The next run of the gap job settles them.
// mode: read
// column student: string
// column cluster: string
// column gap: string
// column value: float, 0 or more, sum of the shortfalls
// column focusSince: datetime
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.generation AS active, pointer.forecastGeneration AS forecasts
  LIMIT 1
MATCH (gaps:Generation {code: active})
MATCH (forecast:Forecast {generation: forecasts})
WHERE forecast.focusSince > gaps.createdAt
MATCH (cluster:JobCluster)-[:HAS_FORECAST]->(forecast)
MATCH (cluster)<-[:TOWARD {generation: gaps.code}]-(gap:Gap)<-[:HAS_GAP]-(student:Student)
RETURN student.code AS student, cluster.code AS cluster, gap.code AS gap, gap.value AS value,
       forecast.focusSince AS focusSince
ORDER BY cluster, value DESC, student
