// Contracts that students signed: no work done yet, but what came of them.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// column start: string, a student
// column ends: list of list of any, job cluster and first day
// scan: a job reads all such records
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
MATCH (student:Student)-[edge:EMPLOYED_AS]->(cluster:JobCluster)
WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND edge.startedOn <= $day AND edge.status = 'signed'
RETURN student.code AS start, collect([cluster.code, edge.startedOn]) AS ends
