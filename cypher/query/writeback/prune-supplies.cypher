// Delete the levels that some resources hold in a retired generation.
// mode: write
// parameter generation: string, code of a retired generation
// parameter codes: list of string, codes of resources
UNWIND $codes AS code
MATCH (resource:Resource {code: code})-[fact:IMPROVES {generation: $generation}]->(:Capability)
DELETE fact
