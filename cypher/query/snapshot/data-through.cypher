// The last day of data: the latest release of a posting up to a day.
// mode: read
// parameter day: date
// column dataThrough: date or null
// example day: 2026-01-01
MATCH (job:Job)
WHERE job.releasedOn <= $day
RETURN max(job.releasedOn) AS dataThrough
