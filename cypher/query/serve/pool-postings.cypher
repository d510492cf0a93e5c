// The latest open postings of each job cluster that the generation could know, with what they ask for.
// mode: read
// parameter day: date, the reference day of the generation
// parameter today: date, postings that closed before it are over
// parameter since: datetime, when the generation was made; postings that were written later are read apart
// parameter most: integer, 1 or more, postings of a job cluster
// parameter optional: float, 0 to 1, weight of a skill that is a plus
// column cluster: string
// column postings: list of list of any, code, day of release, last day to apply or null, least education or null, codes of regions, and what it demands as [unit, level], the parts brought together by the noisy-or
// scan: the service reads all job clusters once a generation
// example day: 2026-01-01
// example today: 2026-01-01
// example since: 2026-01-01T00:00:00+00:00
// example most: 100
// example optional: 0.5
MATCH (cluster:JobCluster)
WHERE cluster.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
CALL (cluster) {
  MATCH (cluster)<-[in:IN_CLUSTER]-(job:Job)
  WHERE in.closedAt IS NULL AND job.closedAt IS NULL AND job.releasedOn <= $day
    AND coalesce(job.closesOn >= $today, true) AND coalesce(job.createdAt <= $since, true)
  RETURN job
  ORDER BY job.releasedOn DESC, job.code
  LIMIT $most
}
RETURN cluster.code AS cluster,
       collect([
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
       ]) AS postings
