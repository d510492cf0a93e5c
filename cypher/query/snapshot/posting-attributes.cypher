// Attributes of the postings of a stretch of days, as parallel lists; a number that is missing is -1.
// mode: read
// parameter after: date, postings released later than this
// parameter through: date, last day of release that counts
// column education: list of integer, least education, ISCED 2011 level
// column headcount: list of integer, open positions
// column low: list of float, least pay
// column high: list of float, greatest pay
// column period: list of string, period of the pay; empty where it is missing
// example after: 2023-12-31
// example through: 2026-01-01
MATCH (job:Job)
WHERE job.releasedOn > $after AND job.releasedOn <= $through
WITH job {.education, .headcount, .salaryMin, .salaryMax, .salaryPeriod} AS job
RETURN collect(coalesce(job.education, -1)) AS education,
       collect(coalesce(job.headcount, -1)) AS headcount,
       collect(coalesce(job.salaryMin, -1.0)) AS low,
       collect(coalesce(job.salaryMax, -1.0)) AS high,
       collect(coalesce(job.salaryPeriod, '')) AS period
