// All job clusters that can be a goal, each with its number of postings; the unclassified one is no kind of job.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// parameter openOnly: boolean, count only postings that one can still apply to
// column cluster: string
// column postings: integer
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example openOnly: false
MATCH (cluster:JobCluster)
WHERE (cluster.closedAt IS NULL OR cluster.closedAt > $asOf) AND coalesce(cluster.rule, '') <> 'unclassified'
RETURN
  cluster.code AS cluster,
  COUNT {
    MATCH (cluster)<-[:IN_CLUSTER]-(job:Job)
    WHERE
      job.releasedOn <= $day
      AND (
        NOT $openOnly
        OR (coalesce(job.closedAt > $asOf, true) AND coalesce(job.closesOn >= $day, true))
      )
  } AS postings
