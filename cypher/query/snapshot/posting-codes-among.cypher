// Some codes of postings: those that are there, by day of release and by instant of their last change.
// mode: read
// parameter codes: list of string
// parameter after: date, postings released later than this
// parameter through: date, last day of release that counts
// parameter changed: datetime, postings written later than this
// column codes: list of string
// example codes: ["demo:job:1"]
// example after: 2023-12-31
// example through: 2026-01-01
// example changed: 1970-01-01T00:00:00+00:00
MATCH (job:Job)
WHERE
  job.code IN $codes AND
  job.releasedOn > $after AND
  job.releasedOn <= $through AND
  coalesce(job.updatedAt > $changed, true)
RETURN collect(job.code) AS codes
