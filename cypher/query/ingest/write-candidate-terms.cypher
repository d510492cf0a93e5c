// Write candidate terms whose counts differ from those in the graph.
// mode: write
// parameter rows: list of map, each {code, term, postings, examples}
// parameter at: datetime
UNWIND $rows AS row
MERGE (candidate:CandidateTerm {code: row.code})
ON CREATE SET candidate.createdAt = $at, candidate.source = 'fullcycle', candidate.name = row.term
SET candidate.postings = row.postings, candidate.examples = row.examples, candidate.updatedAt = $at
