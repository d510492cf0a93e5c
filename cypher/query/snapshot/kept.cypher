// What the active generation of gaps keeps for an update; no row before the first.
// mode: read
// column generation: string
// column config: string, settings as JSON
// column basis: bytes or null, what is the same for all students
// column competing: bytes or null, digests of the postings that competed
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
RETURN
  generation.code AS generation,
  generation.config AS config,
  generation.basis AS basis,
  generation.competing AS competing
