// Propose anew for the clusters in focus of the active forecasts, by the active generation of gaps: the resources that
// close the largest sum over the gaps toward each. Readers see the old proposals or the new ones.
// mode: write
// parameter at: datetime, now
// parameter most: integer, 1 or more, resources for a cluster
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.forecastGeneration})
// The lock comes before the look: another run may be about to put other forecasts in their place.
SET generation.updatedAt = $at
WITH pointer, generation
WHERE generation.status = 'active'
MATCH (forecast:Forecast {generation: generation.code})<-[:HAS_FORECAST]-(cluster:JobCluster)
WHERE forecast.focus
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
WITH generation, forecast, place, best[place] AS proposal, best[place].resource AS resource
CREATE (forecast)-[:PROPOSES {
  rank: place + 1,
  students: proposal.students,
  amount: proposal.amount,
  generation: generation.code
}]->(resource)
