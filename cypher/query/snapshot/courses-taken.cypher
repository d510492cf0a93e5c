// The courses that students took, with what came of them.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter lastTerm: string, last term whose results are known
// column start: string, a student
// column ends: list of list of any, course, score 0 to 100 or null, status, attendance 0 to 1 or null, and term
// scan: a job reads all course records
// example asOf: 2026-01-01T00:00:00+00:00
// example lastTerm: 2025-2
MATCH (student:Student)-[edge:TOOK]->(course:Course)
WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND edge.term <= $lastTerm
RETURN
  student.code AS start,
  collect([course.code, edge.score, edge.status, edge.attendance, edge.term]) AS ends
