// What some postings add to the demands of their job clusters: their own share of what snapshot/job-clusters and
// snapshot/requirements count, by the same weights.
// mode: read
// parameter codes: list of string, codes of postings
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// parameter openOnly: boolean, count only postings that one can still apply to
// parameter through: date, last day of data, from which ages are taken
// parameter halfLife: float or null, days after which a posting counts half; null counts all alike
// column cluster: string
// column postings: integer, millionths of postings
// column requirements: list of list of any, skill, level, confidence, whether optional, and millionths of postings
// example codes: ["demo:job:1"]
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example openOnly: false
// example through: 2026-01-01
// example halfLife: 365.0
MATCH (job:Job)
WHERE
  job.code IN $codes
  AND job.releasedOn <= $day
  AND (NOT $openOnly OR (coalesce(job.closedAt > $asOf, true) AND coalesce(job.closesOn >= $day, true)))
MATCH (job)-[:IN_CLUSTER]->(cluster:JobCluster)
WHERE coalesce(cluster.rule, '') <> 'unclassified'
WITH
  cluster,
  job,
  CASE
    WHEN $halfLife IS NULL THEN 1000000
    ELSE toInteger(1000000 * 2.0 ^ (-duration.inDays(job.releasedOn, $through).days / $halfLife))
  END AS weight
WITH
  cluster,
  weight,
  COLLECT {
    MATCH (job)-[edge:REQUIRES]->(skill:Skill)
    WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
    RETURN [skill.code, edge.level, coalesce(edge.confidence, 1.0), coalesce(edge.optional, false), weight]
  } AS requirements
RETURN
  cluster.code AS cluster,
  sum(weight) AS postings,
  reduce(all = [], each IN collect(requirements) | all + each) AS requirements
