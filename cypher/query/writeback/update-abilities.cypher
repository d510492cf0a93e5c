// Bring what students can do up to date: only what differs is written. Stands behind update-students in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per student: levels by capability unit
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
OPTIONAL MATCH (student)-[fact:HAS_CAPABILITY {generation: $generation}]->(unit:Capability)
WITH student, row.levels AS levels, fact, row.levels[unit.code] AS level
// A unit that is held no more has no level, and is other than any.
WITH student, levels, count(level) AS known,
     collect(CASE WHEN coalesce(fact.level <> level, fact IS NOT NULL) THEN {fact: fact, level: level} END) AS other
FOREACH (each IN [each IN other WHERE each.level IS NOT NULL] |
  FOREACH (fact IN [each.fact] | SET fact.level = each.level)
)
FOREACH (each IN [each IN other WHERE each.level IS NULL] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH student, levels, known
WHERE known < size(keys(levels))
UNWIND keys(levels) AS code
MATCH (unit:Capability {code: code})
WHERE NOT EXISTS { (student)-[:HAS_CAPABILITY {generation: $generation}]->(unit) }
CREATE (student)-[:HAS_CAPABILITY {level: levels[code], generation: $generation}]->(unit)
