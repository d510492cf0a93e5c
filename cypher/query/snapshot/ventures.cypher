// Enterprises that students founded, by line of business.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// column start: string, a student
// column ends: list of list of any, industry, and first day or null
// scan: a job reads all such records
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
MATCH (student:Student)-[edge:FOUNDED]->(venture:Venture)
WHERE
  (edge.closedAt IS NULL OR edge.closedAt > $asOf)
  AND coalesce(edge.startedOn <= $day, venture.startedOn <= $day, true)
MATCH (venture)-[line:OPERATES_IN]->(industry:Industry)
WHERE line.closedAt IS NULL OR line.closedAt > $asOf
RETURN student.code AS start, collect([industry.code, coalesce(edge.startedOn, venture.startedOn)]) AS ends
