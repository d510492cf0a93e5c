// Which of some postings and resources are over: closed by a source, or past their last day.
// mode: read
// parameter codes: list of string, of postings and resources
// parameter today: date, postings that closed before it are over
// parameter offered: date, resources that ended before it are over
// column codes: list of string
// example codes: ["demo:job:1"]
// example today: 2026-01-01
// example offered: 2026-01-01
UNWIND $codes AS code
OPTIONAL MATCH (job:Job {code: code})
OPTIONAL MATCH (resource:Resource {code: code})
WITH code, coalesce(job, resource) AS item
WHERE item IS NULL OR item.closedAt IS NOT NULL OR item.closesOn < $today OR item.endsOn < $offered
RETURN collect(code) AS codes
