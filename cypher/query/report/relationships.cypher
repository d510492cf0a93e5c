// How many relationships each type has, from the server's own counts.
// mode: read
// column type: string
// column relationships: integer, 1 or more
CALL db.stats.retrieve('GRAPH COUNTS') YIELD data
UNWIND data.relationships AS entry
WITH entry
WHERE entry.relationshipType IS NOT NULL AND entry.startLabel IS NULL AND entry.endLabel IS NULL AND entry.count > 0
RETURN entry.relationshipType AS type, entry.count AS relationships
ORDER BY relationships DESC, type
