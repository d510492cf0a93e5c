// Codes and signatures of a source's open postings, as two lists, in the order of codes.
// mode: read
// parameter source: string
// parameter after: string, the code behind which to begin
// parameter most: integer, 1 or more
// column codes: list of string
// column signatures: list of bytes
// example source: demo
// example after: demo:
// example most: 10
MATCH (job:Job) USING INDEX job:Job(code)
WHERE job.code > $after
  AND job.source = $source
  AND job.closedAt IS NULL
  AND job.signature IS NOT NULL
WITH job.code AS code, job.signature AS signature
ORDER BY code
LIMIT $most
RETURN collect(code) AS codes, collect(signature) AS signatures
