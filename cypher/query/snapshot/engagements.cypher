// What students said to have completed, and what they registered for that helps founders; the first time counts.
// mode: read
// parameter asOf: datetime, later behaviour does not count
// column start: string, a student
// column ends: list of list of any, resource, kind and day
// scan: a job reads all behaviour
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (student:Student)-[edge:INTERACTED]->(resource:Resource)
WHERE
  edge.at <= $asOf
  AND (
    edge.kind = 'complete' OR (edge.kind = 'register' AND (resource:Mentor OR resource:Policy OR resource:Incubator))
  )
WITH student, resource, edge.kind AS kind, date(min(edge.at)) AS day
RETURN student.code AS start, collect([resource.code, kind, day]) AS ends
