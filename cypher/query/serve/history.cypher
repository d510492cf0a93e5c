// Postings of job clusters by month of release, oldest first; closed postings count, they were demand too.
// mode: read
// parameter codes: list of string, codes of job clusters
// column code: string
// column rows: list of map, {month, postings}
// example codes: ["demo:1"]
MATCH (cluster:JobCluster)
WHERE cluster.code IN $codes
RETURN cluster.code AS code,
       COLLECT {
         MATCH (cluster)<-[:IN_CLUSTER]-(job:Job)
         WHERE job.releasedOn IS NOT NULL
         WITH left(toString(job.releasedOn), 7) AS month, count(*) AS postings
         ORDER BY month
         RETURN {month: month, postings: postings}
       } AS rows
