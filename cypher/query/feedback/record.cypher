// Record what a student did, once for each key, and say what became of it.
// mode: write
// parameter student: string
// parameter item: string, code of a posting or a resource
// parameter kind: string, what was done
// parameter at: datetime
// parameter key: string, idempotency key of the student
// parameter allowed: list of string, labels at which such an action makes sense
// parameter now: datetime
// column known: boolean, whether there is such a student
// column itemKind: string or null, Job or the kind of the resource; null where there is no such item
// column accepted: boolean, false where the key was counted already or the action makes no sense at the item
// example student: demo:student:1
// example item: demo:job:1
// example kind: view
// example at: 2026-01-01T00:00:00+00:00
// example key: k1
// example allowed: ["Job"]
// example now: 2026-01-01T00:00:00+00:00
OPTIONAL MATCH (student:Student {code: $student})
// The lock comes before the look, so that of two requests with one key only one is counted.
SET student.code = student.code
WITH student
OPTIONAL MATCH (job:Job {code: $item})
OPTIONAL MATCH (resource:Resource {code: $item})
WITH student, coalesce(job, resource) AS item,
     CASE WHEN job IS NOT NULL THEN 'Job' ELSE [label IN labels(resource) WHERE label <> 'Resource'][0] END AS itemKind
WITH student, item, itemKind,
     student IS NOT NULL AND coalesce(itemKind IN $allowed, false)
     AND NOT EXISTS { (student)-[:INTERACTED {key: $key}]->() } AS accepted
FOREACH (each IN CASE WHEN accepted THEN [item] ELSE [] END |
  CREATE (student)-[:INTERACTED {kind: $kind, at: $at, key: $key, source: 'api'}]->(each)
  // Tells readers that the lists which a job stored before are out of date, also where the action came late.
  SET student.updatedAt = $now
)
RETURN student IS NOT NULL AS known, itemKind, accepted
