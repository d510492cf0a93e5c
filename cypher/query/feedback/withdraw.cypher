// Withdraw what a student did, by its key, as if it had never happened.
// mode: write
// parameter student: string
// parameter key: string, idempotency key of the student
// parameter now: datetime
// column known: boolean, whether there is such a student
// column withdrawn: integer, actions that were deleted
// example student: demo:student:1
// example key: k1
// example now: 2026-01-01T00:00:00+00:00
OPTIONAL MATCH (student:Student {code: $student})
SET student.code = student.code
WITH student
OPTIONAL MATCH (student)-[did:INTERACTED {key: $key}]->()
WITH student, collect(did) AS deeds
FOREACH (did IN deeds |
  DELETE did
  SET student.updatedAt = $now
)
RETURN student IS NOT NULL AS known, size(deeds) AS withdrawn
