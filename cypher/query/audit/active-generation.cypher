// The generation that readers see, or no row where no job has finished yet.
// mode: read
// column code: string
// column status: string or null
// column createdAt: datetime
// column activatedAt: datetime or null
// column dataThrough: date or null, last day of data that it knows
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.generation})
RETURN generation.code AS code, generation.status AS status, generation.createdAt AS createdAt,
       generation.activatedAt AS activatedAt, generation.dataThrough AS dataThrough
