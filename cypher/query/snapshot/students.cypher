// All students whom a source still states.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column codes: list of string
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (student:Student)
WHERE student.closedAt IS NULL OR student.closedAt > $asOf
RETURN collect(student.code) AS codes
