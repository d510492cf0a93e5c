// How many postings of job clusters no source has closed.
// mode: read
// parameter codes: list of string, codes of job clusters
// column code: string
// column jobs: integer, 0 or more
// example codes: ["fc:data-analyst"]
MATCH (holder:JobCluster)
WHERE holder.code IN $codes
RETURN holder.code AS code,
       COUNT {
         MATCH (holder)<-[edge:IN_CLUSTER]-(job:Job)
         WHERE edge.closedAt IS NULL AND job.closedAt IS NULL
       } AS jobs
