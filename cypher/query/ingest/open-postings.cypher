// Codes and signatures of a source's open postings, as two lists for each day of release.
// mode: read
// parameter source: string
// column day: date
// column codes: list of string
// column signatures: list of bytes
// example source: demo
MATCH (job:Job {source: $source})
WHERE job.closedAt IS NULL AND job.signature IS NOT NULL
RETURN job.releasedOn AS day, collect(job.code) AS codes, collect(job.signature) AS signatures
