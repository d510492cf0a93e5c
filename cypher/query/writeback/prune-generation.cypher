// Delete a retired generation of which nothing else is left.
// mode: write
// parameter generation: string, code of a retired generation
MATCH (generation:Generation {code: $generation})
WHERE generation.status = 'retired'
DETACH DELETE generation
