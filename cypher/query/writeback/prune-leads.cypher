// Delete where the students of some majors go by a retired generation.
// mode: write
// parameter generation: string, code of a retired generation
// parameter codes: list of string, codes of majors
UNWIND $codes AS code
MATCH (major:Major {code: code})-[fact:LEADS_TO {generation: $generation}]->(:JobCluster)
DELETE fact
