// Bring lists of postings up to date: only what differs is written. Stands behind update-students in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per student and path: by item a list of rank, score, match, gap, contribution, heat, goal and terms
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
OPTIONAL MATCH (student)-[fact:RECOMMENDED {generation: $generation, path: row.path}]->(item:Job)
WITH student, row.path AS path, row.items AS items, collect({code: item.code, fact: fact}) AS held
FOREACH (each IN [
  each IN held
  WHERE items[each.code] <> [
    each.fact.rank,
    each.fact.score,
    each.fact.match,
    each.fact.gap,
    each.fact.contribution,
    each.fact.heat,
    each.fact.goal,
    each.fact.terms
  ]
] |
  FOREACH (fact IN [each.fact] |
    SET
      fact.rank = items[each.code][0],
      fact.score = items[each.code][1],
      fact.match = items[each.code][2],
      fact.gap = items[each.code][3],
      fact.contribution = items[each.code][4],
      fact.heat = items[each.code][5],
      fact.goal = items[each.code][6],
      fact.terms = items[each.code][7]
  )
)
FOREACH (each IN [each IN held WHERE items[each.code] IS NULL] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH student, path, items, [each IN held WHERE each.code IS NOT NULL | each.code] AS known
UNWIND [code IN keys(items) WHERE NOT code IN known] AS code
MATCH (item:Job {code: code})
CREATE (student)-[:RECOMMENDED {
  path: path,
  rank: items[code][0],
  score: items[code][1],
  match: items[code][2],
  gap: items[code][3],
  contribution: items[code][4],
  heat: items[code][5],
  goal: items[code][6],
  terms: items[code][7],
  generation: $generation
}]->(item)
