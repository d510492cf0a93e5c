// Begin a batch of an update: hold the active generation fast, and write stages and what the results rest on.
// mode: write
// parameter generation: string, code of the active generation
// parameter at: datetime, now
// parameter rows: list of map, one per student: stage and state, null where nothing is to be kept
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: another run may be about to retire the generation.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
SET student.stage = row.stage, student.gapState = row.state, student.gapGeneration = $generation
