// The generation that readers see, or no row where no job has finished yet.
// mode: read
// column code: string
// column status: string or null
// column createdAt: datetime
// column activatedAt: datetime or null
// column dataThrough: date or null, last day of data that it knows
// column pointers: integer, 1 or more, generations pointed at; more than 1 is a fault
MATCH (:ActivePointer {code: 'active'})-[:POINTS_AT]->(generation:Generation)
WITH collect(generation) AS generations
UNWIND generations AS each
RETURN each.code AS code, each.status AS status, each.createdAt AS createdAt, each.activatedAt AS activatedAt,
       each.dataThrough AS dataThrough, size(generations) AS pointers
ORDER BY code
