// All majors.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column codes: list of string
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (major:Major)
WHERE major.closedAt IS NULL OR major.closedAt > $asOf
RETURN collect(major.code) AS codes
