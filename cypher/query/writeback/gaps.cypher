// Write gaps with all that belongs to them: student, goal, shortfalls, and the resources that narrow them.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter units: list of string, codes of all capability units
// parameter rows: list of map, one per gap, with equally long lists for its shortfalls and for its resources
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
UNWIND range(0, size($units) - 1) AS place
MATCH (capability:Capability {code: $units[place]})
WITH capability
  ORDER BY place
WITH collect(capability) AS capabilities
WHERE size(capabilities) = size($units)
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
MATCH (cluster:JobCluster {code: row.cluster})
CREATE (gap:Gap {
  code: $generation + ':' + row.student + ':' + row.cluster,
  name: cluster.name,
  source: 'fc',
  createdAt: $at,
  updatedAt: $at,
  generation: $generation,
  value: row.value,
  match: row.match,
  rank: row.rank,
  ownGoal: row.own,
  likelihood: row.likelihood
})
CREATE (student)-[:HAS_GAP {generation: $generation}]->(gap)
CREATE (gap)-[:TOWARD {generation: $generation}]->(cluster)
FOREACH (place IN range(0, size(row.units) - 1) |
  FOREACH (capability IN [capabilities[row.units[place]]] |
    CREATE (gap)-[:LACKS {
      demanded: row.demanded[place],
      held: row.held[place],
      amount: row.amounts[place],
      generation: $generation
    }]->(capability)
  )
)
WITH row, gap
UNWIND range(0, size(row.resources) - 1) AS place
MATCH (resource:Resource {code: row.resources[place]})
CREATE (resource)-[:BRIDGES {
  score: row.scores[place],
  similarityToStudent: row.toStudent[place],
  similarityToGoal: row.toGoal[place],
  contribution: row.contributions[place],
  rank: row.ranks[place],
  generation: $generation
}]->(gap)
