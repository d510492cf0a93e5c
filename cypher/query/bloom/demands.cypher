// What a job cluster demands: its capability units and the skills behind them.
// mode: read
// parameter cluster: string, name of a job cluster
// column demand: path
// column skill: path or null
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
WITH generation
  LIMIT 1
MATCH (cluster:JobCluster {name: $cluster})
MATCH demand = (cluster)-[:DEMANDS {generation: generation.code}]->(capability:Capability)
OPTIONAL MATCH skill = (capability)<-[:MAPS_TO]-(:Skill)<-[:TYPICALLY_REQUIRES]-(cluster)
RETURN demand, skill
LIMIT 300
