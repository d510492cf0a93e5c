// All capability units: the coordinates of every capability vector.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column codes: list of string
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (capability:Capability)
WHERE capability.closedAt IS NULL OR capability.closedAt > $asOf
RETURN collect(capability.code) AS codes
