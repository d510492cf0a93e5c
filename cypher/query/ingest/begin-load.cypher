// Take up the unfinished load of the same name, or begin one.
// mode: write
// parameter code: string
// parameter source: string
// parameter file: string
// parameter at: datetime
// parameter asOf: datetime
MERGE (load:Load {code: $code})
ON CREATE SET load.createdAt = $at, load.source = $source, load.name = $source, load.file = $file
WITH load, load.finishedAt IS NULL AND load.startedAt IS NOT NULL AS resumed
SET load.startedAt = CASE WHEN resumed THEN load.startedAt ELSE $at END,
    load.asOf = CASE WHEN resumed THEN load.asOf ELSE $asOf END,
    load.finishedAt = null,
    load.updatedAt = $at
