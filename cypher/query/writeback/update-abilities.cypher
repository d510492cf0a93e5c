// Bring what students can do up to date: only what differs is written. Stands behind update-students in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per student: levels by capability unit
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
OPTIONAL MATCH (student)-[fact:HAS_CAPABILITY {generation: $generation}]->(unit:Capability)
WITH student, row.levels AS levels, collect({code: unit.code, fact: fact}) AS held
FOREACH (each IN [each IN held WHERE levels[each.code] <> each.fact.level] |
  FOREACH (fact IN [each.fact] | SET fact.level = levels[each.code])
)
FOREACH (each IN [each IN held WHERE levels[each.code] IS NULL] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH student, levels, [each IN held WHERE each.code IS NOT NULL | each.code] AS known
UNWIND [code IN keys(levels) WHERE NOT code IN known] AS code
MATCH (unit:Capability {code: code})
CREATE (student)-[:HAS_CAPABILITY {level: levels[code], generation: $generation}]->(unit)
