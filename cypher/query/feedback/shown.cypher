// Record which items a student was shown in an experiment, once for each key.
// mode: write
// parameter student: string
// parameter key: string, day, experiment and list
// parameter at: datetime
// parameter path: string, which list
// parameter experiment: string
// parameter variant: string, A or B
// parameter items: list of list of any, code of a posting or a resource, and its rank
// example student: demo:student:1
// example key: 2026-01-01:spring:JOB
// example at: 2026-01-01T00:00:00+00:00
// example path: JOB
// example experiment: spring
// example variant: A
// example items: [["demo:job:1", 1]]
MATCH (student:Student {code: $student})
// Of two requests at once the second one waits here, and then finds what the first one wrote.
SET student.code = student.code
WITH student
UNWIND $items AS row
OPTIONAL MATCH (job:Job {code: row[0]})
OPTIONAL MATCH (resource:Resource {code: row[0]})
WITH student, row[1] AS rank, coalesce(job, resource) AS item
WHERE item IS NOT NULL
MERGE (student)-[shown:SHOWN {key: $key}]->(item)
ON CREATE SET
  shown.at = $at, shown.path = $path, shown.rank = rank, shown.experiment = $experiment, shown.variant = $variant,
  shown.source = 'api'
