// Open postings that were written after a generation was made, with what they ask for; the latest of each job cluster.
// mode: read
// parameter after: date, only postings released later than this are looked at
// parameter since: datetime, when the generation was made
// parameter today: date, postings that closed before it are over, later ones are not out yet
// parameter most: integer, 1 or more, postings of a job cluster
// parameter optional: float, 0 to 1, weight of a skill that is a plus
// column cluster: string
// column postings: list of list of any, as of serve/pool-postings
// example after: 2025-11-01
// example since: 2026-01-01T00:00:00+00:00
// example today: 2026-01-01
// example most: 100
// example optional: 0.5
MATCH (job:Job)
WHERE job.releasedOn > $after AND job.releasedOn <= $today AND job.createdAt > $since
  AND job.closedAt IS NULL AND coalesce(job.closesOn >= $today, true)
MATCH (job)-[in:IN_CLUSTER]->(cluster:JobCluster)
WHERE in.closedAt IS NULL AND cluster.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
WITH cluster, job ORDER BY job.releasedOn DESC, job.code
WITH cluster, collect(job)[..$most] AS jobs
RETURN cluster.code AS cluster,
       COLLECT {
         UNWIND jobs AS job
         RETURN [
           job.code, job.releasedOn, job.closesOn, job.education,
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
         ]
       } AS postings
