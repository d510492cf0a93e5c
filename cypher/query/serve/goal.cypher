// The job cluster that a code means: its own, or that of the job which it names.
// mode: read
// parameter goal: string, code of a job cluster or of a job
// column code: string
// column name: string or null
CALL {
  MATCH (cluster:JobCluster {code: $goal})
  RETURN cluster
UNION
  MATCH (:Job {code: $goal})-[:IN_CLUSTER]->(cluster:JobCluster)
  RETURN cluster
}
RETURN cluster.code AS code, cluster.name AS name
ORDER BY code
LIMIT 1
