// Resources that a student has done, or is doing, and need not be offered again. A failed course may be.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter begunTerm: string, last term that has begun
// column start: string, a student
// column ends: list of list of any, a resource each
// scan: a job reads all such records
// example asOf: 2026-01-01T00:00:00+00:00
// example begunTerm: 2025-2
MATCH (student:Student)-[edge:TOOK|EARNED|ENTERED|WORKED_ON|INTERACTED]->(resource:Resource)
WHERE
  (edge.closedAt IS NULL OR edge.closedAt > $asOf)
  AND coalesce(edge.term <= $begunTerm, true)
  AND (type(edge) <> 'TOOK' OR NOT coalesce(edge.status, 'completed') IN ['failed', 'withdrawn'])
  AND (type(edge) <> 'INTERACTED' OR (edge.kind = 'complete' AND edge.at <= $asOf))
RETURN student.code AS start, collect(DISTINCT [resource.code]) AS ends
