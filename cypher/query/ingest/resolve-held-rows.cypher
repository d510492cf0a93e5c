// Remove held rows whose row has become good, unless a person released them.
// mode: write
// parameter codes: list of string
UNWIND $codes AS code
MATCH (held:HeldRow {code: code})
WHERE held.released IS NULL
DELETE held
