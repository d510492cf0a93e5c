// Keep with a generation what an update goes on from.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter basis: bytes, what is the same for all students
// parameter competing: bytes, digests of the postings that compete
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
SET generation.basis = $basis, generation.competing = $competing
