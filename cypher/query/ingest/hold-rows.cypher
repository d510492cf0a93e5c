// Write rows that were held back; a row that is held again is overwritten.
// mode: write
// parameter rows: list of map, each {code, properties}
// parameter source: string
// parameter at: datetime
UNWIND $rows AS row
MERGE (held:HeldRow {code: row.code})
ON CREATE SET held.createdAt = $at
SET held += row.properties, held.source = $source, held.updatedAt = $at
