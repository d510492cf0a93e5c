// Bring the gaps of students up to date: only what differs is written. Stands behind update-students in a transaction.
// mode: write
// parameter generation: string, code of the active generation
// parameter at: datetime, now
// parameter rows: list of map, one per student: gaps by goal, each a list of value, match, rank, own, likelihood
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'active'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
WITH student, row.gaps AS gaps, $generation + ':' + row.student + ':' AS prefix
OPTIONAL MATCH (student)-[:HAS_GAP {generation: $generation}]->(gap:Gap)
WITH student, gaps, prefix, collect({goal: substring(gap.code, size(prefix)), gap: gap}) AS held
FOREACH (each IN [
  each IN held
  WHERE gaps[each.goal][..2] <> [each.gap.value, each.gap.match] OR gaps[each.goal][4] <> each.gap.likelihood
] |
  FOREACH (gap IN [each.gap] |
    SET
      gap.value = gaps[each.goal][0],
      gap.match = gaps[each.goal][1],
      gap.likelihood = gaps[each.goal][4],
      gap.updatedAt = $at
  )
)
FOREACH (each IN [each IN held WHERE gaps[each.goal][2..4] <> [each.gap.rank, each.gap.ownGoal]] |
  FOREACH (gap IN [each.gap] |
    SET gap.rank = gaps[each.goal][2], gap.ownGoal = gaps[each.goal][3], gap.updatedAt = $at
  )
)
FOREACH (each IN [each IN held WHERE gaps[each.goal] IS NULL] |
  FOREACH (gap IN [each.gap] | DETACH DELETE gap)
)
WITH student, gaps, prefix, [each IN held WHERE each.goal IS NOT NULL | each.goal] AS known
UNWIND [goal IN keys(gaps) WHERE NOT goal IN known] AS goal
MATCH (cluster:JobCluster {code: goal})
CREATE (gap:Gap {
  code: prefix + goal,
  name: cluster.name,
  source: 'fc',
  createdAt: $at,
  updatedAt: $at,
  generation: $generation,
  value: gaps[goal][0],
  match: gaps[goal][1],
  rank: gaps[goal][2],
  ownGoal: gaps[goal][3],
  likelihood: gaps[goal][4]
})
CREATE (student)-[:HAS_GAP {generation: $generation}]->(gap)
CREATE (gap)-[:TOWARD {generation: $generation}]->(cluster)
