// Note on the active generation that an update has brought it up to date.
// mode: write
// parameter generation: string, code of the active generation
// parameter at: datetime, now
// parameter competing: bytes, digests of the postings that compete
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: another run may be about to retire the generation.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'active'
SET generation.broughtUpAt = $at, generation.competing = $competing
