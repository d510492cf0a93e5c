// Bring the shortfalls of gaps up to date: only what differs is written. What is demanded stays as the generation knows it,
// so that each shortfall follows from what the student holds. Stands behind update-gaps in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter least: float, above 0, shortfalls below it count as none
// parameter rows: list of map, one per student: levels by capability unit, and shortfalls that each gap has, in order of rank
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})-[:HAS_GAP {generation: $generation}]->(gap:Gap)
OPTIONAL MATCH (gap)-[fact:LACKS]->(unit:Capability)
WITH gap, row, fact, coalesce(row.levels[unit.code], 0.0) AS held
WITH gap, row, count(fact) AS known,
     collect(CASE WHEN fact.held <> held THEN {fact: fact, held: held, amount: fact.demanded - held} END) AS other
FOREACH (each IN [each IN other WHERE each.amount >= $least] |
  FOREACH (fact IN [each.fact] | SET fact.held = each.held, fact.amount = each.amount)
)
FOREACH (each IN [each IN other WHERE each.amount < $least] |
  FOREACH (fact IN [each.fact] | DELETE fact)
)
WITH gap, row, known - size([each IN other WHERE each.amount < $least]) AS left
WHERE left < row.lacks[gap.rank - 1]
MATCH (gap)-[:TOWARD]->(:JobCluster)-[demand:DEMANDS {generation: $generation}]->(unit:Capability)
WITH gap, unit, demand.level AS demanded, coalesce(row.levels[unit.code], 0.0) AS held
WHERE demanded - held >= $least AND NOT EXISTS { (gap)-[:LACKS]->(unit) }
CREATE (gap)-[:LACKS {demanded: demanded, held: held, amount: demanded - held, generation: $generation}]->(unit)
