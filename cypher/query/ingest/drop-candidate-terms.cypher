// Remove candidate terms that no open posting holds any more.
// mode: write
// parameter codes: list of string
UNWIND $codes AS code
MATCH (candidate:CandidateTerm {code: code})
DELETE candidate
