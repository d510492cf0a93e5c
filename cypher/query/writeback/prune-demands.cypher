// Delete the levels that some job clusters hold in a retired generation.
// mode: write
// parameter generation: string, code of a retired generation
// parameter codes: list of string, codes of job clusters
UNWIND $codes AS code
MATCH (cluster:JobCluster {code: code})-[fact:DEMANDS {generation: $generation}]->(:Capability)
DELETE fact
