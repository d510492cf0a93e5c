// Write what job clusters demand.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter units: list of string, codes of all capability units
// parameter rows: list of map, code, places in units, and levels of each job cluster
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
MATCH (cluster:JobCluster {code: row.code})
FOREACH (place IN range(0, size(row.units) - 1) |
  FOREACH (capability IN [capabilities[row.units[place]]] |
    CREATE (cluster)-[:DEMANDS {level: row.levels[place], generation: $generation}]->(capability)
  )
)
