// The postings that compete for students, of each job cluster the latest, and what each demands of the capability units
// by itself: b_x, where level, confidence and weight of the mapping multiply, and the parts are brought together by
// the noisy-or. Wanted are those that were the latest on a first day or are on a last one, and all released between.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, last day for which the latest are wanted
// parameter since: date, first day for which the latest are wanted
// parameter openAt: datetime, a posting closed before it was over by the first day
// parameter until: date, last day of release
// parameter pool: integer, 1 or more, postings of a job cluster on one day
// parameter optional: float, 0 to 1, weight of a skill that is a plus
// column cluster: string, code
// column postings: list of list of any, code, release, last day to apply or null, closing or null (days since 1970), education or null, capability units, and levels; the latest first, then by code
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example since: 2026-01-01
// example openAt: 2026-01-01T00:00:00+00:00
// example until: 2026-01-01
// example pool: 100
// example optional: 0.5
MATCH (cluster:JobCluster)
WHERE (cluster.closedAt IS NULL OR cluster.closedAt > $asOf) AND coalesce(cluster.rule, '') <> 'unclassified'
CALL (cluster) {
  MATCH (cluster)<-[in:IN_CLUSTER]-(job:Job)
  WHERE
    (in.closedAt IS NULL OR in.closedAt > $asOf)
    AND job.releasedOn <= $until
    AND coalesce(job.closesOn >= $since, true)
    AND coalesce(job.closedAt > $openAt, true)
  WITH job
    ORDER BY job.releasedOn DESC, job.code
  WITH collect(job) AS jobs
  WITH [job IN jobs WHERE job.releasedOn > $since] AS later, [job IN jobs WHERE job.releasedOn <= $since] AS early
  WITH
    later,
    early[..$pool] AS first,
    [
      job IN early
      WHERE coalesce(job.closesOn >= $day, true) AND coalesce(job.closedAt > $asOf, true)
    ][..$pool] AS still
  UNWIND later + first + still AS job
  WITH DISTINCT job
  CALL (job) {
    MATCH (job)-[edge:REQUIRES]->(skill:Skill)-[way:MAPS_TO]->(unit:Capability)
    WHERE
      (edge.closedAt IS NULL OR edge.closedAt > $asOf)
      AND (way.closedAt IS NULL OR way.closedAt > $asOf)
      AND (unit.closedAt IS NULL OR unit.closedAt > $asOf)
    WITH
      unit.code AS unit,
      edge.level * coalesce(edge.confidence, 1.0) * way.weight
        * CASE WHEN coalesce(edge.optional, false) THEN $optional ELSE 1.0 END AS share
      ORDER BY unit, share
    WITH unit, 1.0 - reduce(left = 1.0, each IN collect(share) | left * (1.0 - each)) AS level
    WHERE level > 0
    WITH unit, level
      ORDER BY unit
    RETURN collect(unit) AS units, collect(level) AS levels
  }
  WITH job, units, levels
    ORDER BY job.releasedOn DESC, job.code
  RETURN collect([
      job.code,
      duration.inDays(date('1970-01-01'), job.releasedOn).days,
      duration.inDays(date('1970-01-01'), job.closesOn).days,
      duration.inDays(date('1970-01-01'), date(job.closedAt)).days,
      job.education,
      units,
      levels
    ]) AS postings
}
RETURN cluster.code AS cluster, postings
