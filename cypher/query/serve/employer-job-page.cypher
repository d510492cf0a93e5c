// Postings of employers that no source has closed, the newest first, a page each.
// mode: read
// parameter codes: list of string, codes of employers
// parameter before: date or null, day of release of the last posting of the page before
// parameter after: string or null, code of that posting
// parameter most: integer, 0 to 101, items of a page
// column code: string
// column rows: list of map, {code, releasedOn}
// example codes: ["fc:data-analyst"]
// example most: 20
MATCH (holder:Employer)
WHERE holder.code IN $codes
RETURN holder.code AS code,
       COLLECT {
         MATCH (holder)<-[edge:POSTED_BY]-(job:Job)
         WHERE edge.closedAt IS NULL AND job.closedAt IS NULL
           AND (
             $after IS NULL OR job.releasedOn < $before
             OR (job.releasedOn = $before AND job.code > $after)
           )
         WITH job ORDER BY job.releasedOn DESC, job.code LIMIT $most
         RETURN {code: job.code, releasedOn: job.releasedOn}
       } AS rows
ORDER BY code
