// Write stages of students, and what their results rest on.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter rows: list of map, one per student: stage and state
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
SET student.stage = row.stage, student.gapState = row.state, student.gapGeneration = $generation
