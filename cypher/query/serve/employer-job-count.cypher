// How many postings of employers no source has closed.
// mode: read
// parameter codes: list of string, codes of employers
// column code: string
// column jobs: integer, 0 or more
// example codes: ["fc:data-analyst"]
MATCH (holder:Employer)
WHERE holder.code IN $codes
RETURN holder.code AS code,
       COUNT {
         MATCH (holder)<-[edge:POSTED_BY]-(job:Job)
         WHERE edge.closedAt IS NULL AND job.closedAt IS NULL
       } AS jobs
