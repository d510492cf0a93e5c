// The job cluster that a code means: its own, or that of the job which it names.
// mode: read
// parameter codes: list of string, codes of job clusters or jobs
// column code: string, as given
// column cluster: string
// column name: string or null
// example codes: ["fc:data-analyst"]
UNWIND $codes AS code
CALL (code) {
  MATCH (cluster:JobCluster {code: code})
  RETURN cluster, 0 AS place
UNION
  MATCH (:Job {code: code})-[in:IN_CLUSTER]->(cluster:JobCluster)
  WHERE in.closedAt IS NULL
  RETURN cluster, 1 AS place
}
WITH code, cluster ORDER BY place, cluster.code
WITH code, head(collect(cluster)) AS cluster
RETURN code, cluster.code AS cluster, cluster.name AS name
