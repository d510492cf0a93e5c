// Begin a batch of an update: write what the results of students rest on, and stages that differ.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per student: stage and state, null where nothing is to be kept
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
SET student.gapState = row.state, student.gapGeneration = $generation
WITH student, row.stage AS stage
WHERE coalesce(student.stage <> stage, true)
SET student.stage = stage
