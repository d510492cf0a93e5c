// All job clusters that can be a goal, each with its postings, the latest counted the most; the unclassified one is
// no kind of job.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// parameter openOnly: boolean, count only postings that one can still apply to
// parameter through: date, last day of data, from which ages are taken
// parameter halfLife: float or null, days after which a posting counts half; null counts all alike
// column cluster: string
// column postings: integer, millionths of postings
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example openOnly: false
// example through: 2026-01-01
// example halfLife: 365.0
MATCH (cluster:JobCluster)
WHERE (cluster.closedAt IS NULL OR cluster.closedAt > $asOf) AND coalesce(cluster.rule, '') <> 'unclassified'
RETURN
  cluster.code AS cluster,
  reduce(total = 0, weight IN COLLECT {
    MATCH (cluster)<-[:IN_CLUSTER]-(job:Job)
    WHERE
      job.releasedOn <= $day
      AND (
        NOT $openOnly
        OR (coalesce(job.closedAt > $asOf, true) AND coalesce(job.closesOn >= $day, true))
      )
    RETURN
      CASE
        WHEN $halfLife IS NULL THEN 1000000
        ELSE toInteger(1000000 * 2.0 ^ (-duration.inDays(job.releasedOn, $through).days / $halfLife))
      END
  } | total + weight) AS postings
