// Postings that no source has closed, of a search, a job cluster or a region, after a place, the newest first.
// mode: read
// parameter search: string or null, words of a title; null for all
// parameter jobCluster: string or null, code of a job cluster; null for all
// parameter region: string or null, code or name of a region, which holds all that lies in it; null for all
// parameter before: date or null, day of release of the last posting of the page before
// parameter after: string or null, code of that posting; null for the first page
// parameter first: integer, 0 to 101
// column code: string
// column releasedOn: date
// scan: regions have no index on their names, and are few
// example search: data
// example region: Shanghai
// example first: 20
CALL () {
  WITH 1 AS all
  WHERE $search IS NULL AND $jobCluster IS NULL AND $region IS NULL
  MATCH (job:Job)
  WHERE job.releasedOn <= coalesce($before, date('9999-12-31')) AND job.closedAt IS NULL
    AND ($after IS NULL OR job.releasedOn < $before OR job.code > $after)
  RETURN job
  ORDER BY job.releasedOn DESC, job.code
  LIMIT $first
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
  AND (
    $after IS NULL OR job.releasedOn < $before OR (job.releasedOn = $before AND job.code > $after)
  )
RETURN job.code AS code, job.releasedOn AS releasedOn
ORDER BY releasedOn DESC, code
LIMIT $first
