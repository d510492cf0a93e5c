// How many relationships of each type lead from one label to another; a resource counts as one label.
// mode: read
// column type: string
// column start: string
// column end: string
// column relationships: integer
// scan: every relationship is counted, type by type
CALL db.relationshipTypes() YIELD relationshipType AS type
MATCH (start)-[:$(type)]->(end)
WITH type,
     CASE WHEN start:Resource THEN 'Resource' ELSE labels(start)[0] END AS start,
     CASE WHEN end:Resource THEN 'Resource' ELSE labels(end)[0] END AS end
RETURN type, start, end, count(*) AS relationships
ORDER BY type, start, end
