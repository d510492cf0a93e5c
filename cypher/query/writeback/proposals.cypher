// Propose for clusters in focus the resources that bridge the widest gap for most students: those that close the largest
// sum over the gaps toward the cluster in the active generation of gaps. Readers see the old proposals or the new ones.
// mode: write
// parameter generation: string, code of the generation of the forecasts
// parameter status: string, "writing" while they are being written, "active" once readers see them
// parameter at: datetime, now
// parameter codes: list of string or null, codes of clusters; null for all
// parameter most: integer, 1 or more, resources for a cluster
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over gives the generation another status, and then nothing is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = $status
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
MATCH (forecast:Forecast {generation: $generation})<-[:HAS_FORECAST]-(cluster:JobCluster)
WHERE forecast.focus AND ($codes IS NULL OR cluster.code IN $codes)
CALL (forecast) {
  MATCH (forecast)-[old:PROPOSES]->(:Resource)
  DELETE old
}
CALL (pointer, cluster) {
  MATCH (cluster)<-[:TOWARD]-(gap:Gap)<-[bridge:BRIDGES]-(resource:Resource)
  WHERE gap.generation = pointer.generation AND bridge.contribution > 0 AND resource.closedAt IS NULL
  WITH resource, count(gap) AS students, sum(gap.value * bridge.contribution) AS amount
  ORDER BY amount DESC, students DESC, resource.code
  LIMIT $most
  RETURN collect({resource: resource, students: students, amount: amount}) AS best
}
UNWIND range(0, size(best) - 1) AS place
WITH forecast, place, best[place] AS proposal, best[place].resource AS resource
CREATE (forecast)-[:PROPOSES {
  rank: place + 1,
  students: proposal.students,
  amount: proposal.amount,
  generation: $generation
}]->(resource)
