// Held rows, by source, pass and line, filtered by what is given.
// mode: read
// parameter source: string or null
// parameter stage: string or null, quarantine or screening
// parameter rule: string or null
// parameter codes: list of string or null
// parameter limit: integer, 1 or more
// column code: string
// column source: string
// column stage: string
// column rule: string
// column reason: string
// column file: string or null
// column line: integer or null
// column column: string or null
// column duplicateOf: string or null
// column digest: string or null
// column row: string or null
// column released: boolean
// scan: there are few held rows, and each may be asked for
// example limit: 10
MATCH (held:HeldRow)
WHERE ($source IS NULL OR held.source = $source)
  AND ($stage IS NULL OR held.stage = $stage)
  AND ($rule IS NULL OR held.rule = $rule)
  AND ($codes IS NULL OR held.code IN $codes)
RETURN
  held.code AS code,
  held.source AS source,
  held.stage AS stage,
  held.rule AS rule,
  held.reason AS reason,
  held.file AS file,
  held.line AS line,
  held.column AS column,
  held.duplicateOf AS duplicateOf,
  held.contentHash AS digest,
  held.row AS row,
  coalesce(held.released, false) AS released
ORDER BY source, file, line, code
LIMIT $limit
