// Which job clusters the employers of a line of business hire for; only lines in which students founded something.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// column start: string, an industry
// column ends: list of list of any, job cluster and number of postings
// scan: a job reads all such lines
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
MATCH (:Venture)-[:OPERATES_IN]->(industry:Industry)
WITH DISTINCT industry
MATCH (industry)<-[line:OPERATES_IN]-(:Employer)<-[posted:POSTED_BY]-(job:Job)-[:IN_CLUSTER]->(cluster:JobCluster)
WHERE
  (line.closedAt IS NULL OR line.closedAt > $asOf)
  AND (posted.closedAt IS NULL OR posted.closedAt > $asOf)
  AND job.releasedOn <= $day
WITH industry, cluster, count(*) AS postings
RETURN industry.code AS start, collect([cluster.code, postings]) AS ends
