// Note that a person let held rows pass, so that no later load screens them.
// mode: write
// parameter codes: list of string
// parameter at: datetime
UNWIND $codes AS code
MATCH (held:HeldRow {code: code})
SET held.released = true, held.updatedAt = $at
