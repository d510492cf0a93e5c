// Internships and employment of students, by job cluster. A signed contract is no work done yet.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// parameter lastTerm: string, last term whose results are known
// column start: string, a student
// column ends: list of list of any, job cluster, relationship type, result, term, and first day; all but two may be null
// scan: a job reads all such records
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example lastTerm: 2025-2
MATCH (student:Student)
CALL (student) {
  MATCH (student)-[edge:INTERNED_AT]->(:Employer)
  WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND edge.term <= $lastTerm AND edge.jobCluster IS NOT NULL
  RETURN
    edge.jobCluster AS cluster,
    type(edge) AS kind,
    edge.result AS result,
    edge.term AS term,
    edge.startedOn AS day
  UNION ALL
  MATCH (student)-[edge:EMPLOYED_AS]->(employed:JobCluster)
  WHERE
    (edge.closedAt IS NULL OR edge.closedAt > $asOf)
    AND edge.startedOn <= $day
    AND edge.status IN ['employed', 'self_employed', 'left']
  RETURN employed.code AS cluster, type(edge) AS kind, null AS result, null AS term, edge.startedOn AS day
}
RETURN student.code AS start, collect([cluster, kind, result, term, day]) AS ends
