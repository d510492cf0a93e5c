// What the results of students of a generation rest on; the order is any.
// mode: read
// parameter generation: string
// column students: list of list of any, code and state or null
// scan: an update looks at every student
// example generation: fc:g1
MATCH (student:Student)
WHERE student.gapGeneration = $generation
RETURN collect([student.code, student.gapState]) AS students
