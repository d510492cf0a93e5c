// Certificates earned, competitions entered, projects and practica worked on.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter lastTerm: string, last term whose results are known
// column start: string, a student
// column ends: list of list of any, resource, relationship type, result or null, and term
// scan: a job reads all such records
// example asOf: 2026-01-01T00:00:00+00:00
// example lastTerm: 2025-2
MATCH (student:Student)-[edge:EARNED|ENTERED|WORKED_ON]->(resource:Resource)
WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND edge.term <= $lastTerm
RETURN student.code AS start, collect([resource.code, type(edge), edge.result, edge.term]) AS ends
