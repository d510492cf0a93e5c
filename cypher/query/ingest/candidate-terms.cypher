// Candidate terms as they were counted last, the most frequent first.
// mode: read
// parameter limit: integer, 1 or more
// column term: string
// column postings: integer
// column examples: list of string
// scan: there are no more of them than are kept
// example limit: 10
MATCH (candidate:CandidateTerm)
RETURN candidate.name AS term, candidate.postings AS postings, candidate.examples AS examples
ORDER BY postings DESC, term
LIMIT $limit
