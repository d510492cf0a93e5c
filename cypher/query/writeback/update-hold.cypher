// End a batch of an update: hold the active generation fast until the commit, and see that it is the active one.
// Two properties are set where it is, one where it is not. Batches of distinct students run side by side up to here.
// mode: write
// parameter generation: string, code of the active generation
// parameter at: datetime, now
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: another run may be about to retire the generation.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'active'
SET generation.updatedAt = $at
