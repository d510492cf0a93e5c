// Postings of some job clusters that can no longer be applied for, the latest of each, with what they asked for.
// mode: read
// parameter clusters: list of string, codes of job clusters
// parameter day: date, the reference day of the generation
// parameter today: date, postings that closed before it are over
// parameter after: date, postings that were over by then are left out
// parameter most: integer, 1 or more, postings of a job cluster
// parameter optional: float, 0 to 1, weight of a skill that is a plus
// column cluster: string
// column postings: list of list of any, as of serve/pool-postings; the last day to apply is that on which it was closed
// example clusters: ["demo:cluster:1"]
// example day: 2026-01-01
// example today: 2026-01-01
// example after: 2025-11-01
// example most: 20
// example optional: 0.5
MATCH (cluster:JobCluster)
WHERE cluster.code IN $clusters
CALL (cluster) {
  MATCH (cluster)<-[in:IN_CLUSTER]-(job:Job)
  WHERE in.closedAt IS NULL AND job.releasedOn <= $day
  WITH job, CASE
    WHEN job.closesOn < $today THEN job.closesOn
    WHEN job.closedAt IS NOT NULL THEN date(job.closedAt)
  END AS over
  WHERE over >= $after
  RETURN job, over
  ORDER BY job.releasedOn DESC, job.code
  LIMIT $most
}
RETURN cluster.code AS cluster,
       collect([
         job.code, job.releasedOn, over, job.education,
         COLLECT {
           MATCH (job)-[located:LOCATED_IN]->(region:Region)
           WHERE located.closedAt IS NULL
           RETURN region.code
         },
         COLLECT {
           MATCH (job)-[requires:REQUIRES]->(:Skill)-[maps:MAPS_TO]->(unit:Capability)
           WHERE requires.closedAt IS NULL AND maps.closedAt IS NULL AND unit.closedAt IS NULL
           WITH unit.code AS unit,
                requires.level * coalesce(requires.confidence, 1.0) * maps.weight
                  * CASE WHEN coalesce(requires.optional, false) THEN $optional ELSE 1.0 END AS share
             ORDER BY unit, share
           WITH unit, 1.0 - reduce(left = 1.0, each IN collect(share) | left * (1.0 - each)) AS level
           WHERE level > 0
           RETURN [unit, level]
         }
       ]) AS postings
