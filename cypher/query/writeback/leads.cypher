// Write where the students of majors go.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter rows: list of map, one per major, with equally long lists of job clusters and shares
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
UNWIND $rows AS row
MATCH (major:Major {code: row.major})
UNWIND range(0, size(row.items) - 1) AS place
MATCH (cluster:JobCluster {code: row.items[place]})
CREATE (major)-[:LEADS_TO {share: row.shares[place], generation: $generation}]->(cluster)
