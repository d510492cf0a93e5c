// Bring the shortfalls of gaps up to date: only what differs is written, and demands are fast.
// Stands behind update-gaps in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter rows: list of map, one per gap: by capability unit a list of what is demanded, held and lacking
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (gap:Gap {code: row.gap})
OPTIONAL MATCH (gap)-[fact:LACKS]->(unit:Capability)
WITH gap, row.items AS items, collect({code: unit.code, fact: fact}) AS held
FOREACH (each IN [
  each IN held
  WHERE items[each.code][1] <> each.fact.held OR items[each.code][2] <> each.fact.amount
] |
  FOREACH (fact IN [each.fact] |
    SET fact.held = items[each.code][1], fact.amount = items[each.code][2]
  )
)
FOREACH (each IN [each IN held WHERE items[each.code] IS NULL] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH gap, items, [each IN held WHERE each.code IS NOT NULL | each.code] AS known
UNWIND [code IN keys(items) WHERE NOT code IN known] AS code
MATCH (unit:Capability {code: code})
CREATE (gap)-[:LACKS {
  demanded: items[code][0],
  held: items[code][1],
  amount: items[code][2],
  generation: $generation
}]->(unit)
