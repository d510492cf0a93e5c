// What the students with a gap toward a job cluster lack of what it demands, on average, in the active generation: q of
// equation 10. Clusters toward which nobody has a gap are left out.
// mode: read
// column cluster: string, code
// column students: integer, 1 or more
// column gap: float, 0 to 1, mean of the gaps as a share of the sum of the demands
MATCH (pointer:ActivePointer {code: 'active'})
WITH pointer.generation AS active
  LIMIT 1
MATCH (gap:Gap {generation: active})-[:TOWARD]->(cluster:JobCluster)
WITH active, cluster, count(gap) AS students, avg(gap.value) AS lacking
WITH cluster, students, lacking, reduce(sum = 0.0, level IN COLLECT {
  MATCH (cluster)-[demand:DEMANDS {generation: active}]->(:Capability) RETURN demand.level
} | sum + level) AS demanded
WHERE demanded > 0
RETURN cluster.code AS cluster, students, CASE WHEN lacking > demanded THEN 1.0 ELSE lacking / demanded END AS gap
ORDER BY cluster
