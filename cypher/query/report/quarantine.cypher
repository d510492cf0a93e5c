// Rows that were held back, by source, stage and reason, and how many of them a person released.
// mode: read
// column source: string
// column stage: string or null, quarantine or screening
// column reason: string, short name of the reason where it has one
// column rows: integer, 1 or more
// column released: integer, 0 or more
MATCH (held:HeldRow)
WHERE held.source IS NOT NULL
WITH held.source AS source, held.stage AS stage, coalesce(held.rule, held.reason, '') AS reason,
     count(*) AS rows, sum(CASE WHEN held.released THEN 1 ELSE 0 END) AS released
RETURN source, stage, reason, rows, released
ORDER BY rows DESC, source, stage, reason
