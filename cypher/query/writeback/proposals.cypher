// Propose for clusters in focus the resources that bridge the widest gap for most students: those that close the largest
// sum over the gaps toward the cluster in the active generation of gaps.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter codes: list of string, codes of clusters in focus
// parameter most: integer, 1 or more, resources for a cluster
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
UNWIND $codes AS code
MATCH (forecast:Forecast {code: $generation + ':' + code})
MATCH (cluster:JobCluster {code: code})
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
