// Digest and release of each held row of a source whose code begins with a prefix, as three lists.
// mode: read
// parameter source: string
// parameter prefix: string
// column codes: list of string
// column digests: list of string
// column released: list of boolean
MATCH (held:HeldRow {source: $source})
WHERE held.code STARTS WITH $prefix
WITH held.code AS code, coalesce(held.contentHash, '') AS digest, coalesce(held.released, false) AS free
RETURN collect(code) AS codes, collect(digest) AS digests, collect(free) AS released
