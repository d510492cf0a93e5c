// Terms of open postings that look like skills and match none, with the number of postings and three of them.
// mode: read
// parameter most: integer, 1 or more, only the most frequent terms are given
// column terms: list of string
// column postings: list of integer
// column examples: list of list of string
// scan: every open posting counts
// example most: 100
MATCH (job:Job)
WHERE job.closedAt IS NULL AND job.candidateTerms IS NOT NULL
WITH job ORDER BY job.code
UNWIND job.candidateTerms AS term
WITH term, count(*) AS number, collect(job.code)[..3] AS some
ORDER BY number DESC, term
LIMIT $most
RETURN collect(term) AS terms, collect(number) AS postings, collect(some) AS examples
