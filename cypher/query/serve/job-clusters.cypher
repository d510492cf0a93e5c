// Job clusters by code.
// mode: read
// parameter codes: list of string
// column code: string
// column name: string or null
// example codes: ["demo:1"]
MATCH (cluster:JobCluster)
WHERE cluster.code IN $codes
RETURN cluster.code AS code, cluster.name AS name
