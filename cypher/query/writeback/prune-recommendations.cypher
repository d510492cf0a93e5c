// Delete the recommendations that some students hold in a retired generation.
// mode: write
// parameter generation: string, code of a retired generation
// parameter codes: list of string, codes of students
UNWIND $codes AS code
MATCH (student:Student {code: code})-[fact:RECOMMENDED {generation: $generation}]->()
DELETE fact
