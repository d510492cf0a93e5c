// What the postings of each job cluster require: equal statements are counted, the latest postings the most.
// Weights are whole millionths, so that their sums do not depend on the order in which they are taken.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// parameter openOnly: boolean, count only postings that one can still apply to
// parameter through: date, last day of data, from which ages are taken
// parameter halfLife: float or null, days after which a posting counts half; null counts all alike
// column start: string, a job cluster
// column ends: list of list of any, skill, level, confidence, whether optional, and millionths of postings that say so
// scan: a job reads all postings
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example openOnly: false
// example through: 2026-01-01
// example halfLife: 365.0
MATCH (cluster:JobCluster)<-[:IN_CLUSTER]-(job:Job)
WHERE
  coalesce(cluster.rule, '') <> 'unclassified'
  AND job.releasedOn <= $day
  AND (NOT $openOnly OR (coalesce(job.closedAt > $asOf, true) AND coalesce(job.closesOn >= $day, true)))
WITH
  cluster,
  job,
  CASE
    WHEN $halfLife IS NULL THEN 1000000
    ELSE toInteger(1000000 * 2.0 ^ (-duration.inDays(job.releasedOn, $through).days / $halfLife))
  END AS weight
MATCH (job)-[edge:REQUIRES]->(skill:Skill)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
WITH
  cluster,
  skill,
  edge.level AS level,
  coalesce(edge.confidence, 1.0) AS confidence,
  coalesce(edge.optional, false) AS optional,
  sum(weight) AS postings
RETURN cluster.code AS start, collect([skill.code, level, confidence, optional, postings]) AS ends
