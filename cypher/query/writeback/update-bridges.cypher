// Bring the resources of gaps up to date: only what differs is written. Stands behind update-gaps in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per gap: by resource a list of score, both similarities, contribution and rank
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (gap:Gap {code: row.gap})
OPTIONAL MATCH (gap)<-[fact:BRIDGES]-(resource:Resource)
WITH gap, row.items AS items, collect({code: resource.code, fact: fact}) AS held
FOREACH (each IN [
  each IN held
  WHERE items[each.code] <> [
    each.fact.score,
    each.fact.similarityToStudent,
    each.fact.similarityToGoal,
    each.fact.contribution,
    each.fact.rank
  ]
] |
  FOREACH (fact IN [each.fact] |
    SET
      fact.score = items[each.code][0],
      fact.similarityToStudent = items[each.code][1],
      fact.similarityToGoal = items[each.code][2],
      fact.contribution = items[each.code][3],
      fact.rank = items[each.code][4]
  )
)
FOREACH (each IN [each IN held WHERE items[each.code] IS NULL] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH gap, items, [each IN held WHERE each.code IS NOT NULL | each.code] AS known
UNWIND [code IN keys(items) WHERE NOT code IN known] AS code
MATCH (resource:Resource {code: code})
CREATE (resource)-[:BRIDGES {
  score: items[code][0],
  similarityToStudent: items[code][1],
  similarityToGoal: items[code][2],
  contribution: items[code][3],
  rank: items[code][4],
  generation: $generation
}]->(gap)
