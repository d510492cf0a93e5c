// How many postings no source has closed, of a search, a job cluster or a region.
// mode: read
// parameter search: string or null, words of a title; null for all
// parameter jobCluster: string or null, code of a job cluster; null for all
// parameter region: string or null, code or name of a region, which holds all that lies in it; null for all
// column jobs: integer, 0 or more
// scan: regions have no index on their names, and are few
// example search: data
// example region: Shanghai
CALL () {
  WITH 1 AS all
  WHERE $search IS NULL AND $jobCluster IS NULL AND $region IS NULL
  MATCH (job:Job)
  WHERE job.releasedOn > date('0001-01-01')
  RETURN job
UNION
  WITH 1 AS inCluster
  WHERE $search IS NULL
  MATCH (:JobCluster {code: $jobCluster})<-[:IN_CLUSTER]-(job:Job)
  RETURN job
UNION
  WITH 1 AS inRegion
  WHERE $search IS NULL AND $jobCluster IS NULL AND $region IS NOT NULL
  MATCH (region:Region)<-[:PART_OF*0..3]-(:Region)<-[:LOCATED_IN]-(job:Job)
  WHERE $region IN [region.code, region.name]
  RETURN job
UNION
  WITH trim(reduce(text = toLower($search), sign IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, sign, ' '))) AS words
  WHERE words <> ''
  CALL db.index.fulltext.queryNodes('job_search', words) YIELD node
  RETURN node AS job
}
WITH job
WHERE job.closedAt IS NULL
  AND ($jobCluster IS NULL OR EXISTS {
    MATCH (job)-[in:IN_CLUSTER]->(:JobCluster {code: $jobCluster}) WHERE in.closedAt IS NULL
  })
  AND ($region IS NULL OR EXISTS {
    MATCH (job)-[located:LOCATED_IN]->(:Region)-[:PART_OF*0..3]->(region:Region)
    WHERE located.closedAt IS NULL AND $region IN [region.code, region.name]
  })
RETURN count(job) AS jobs
