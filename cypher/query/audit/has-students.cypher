// Whether the graph holds any student.
// mode: read
// column held: boolean
// scan: the first student of the label is enough
OPTIONAL MATCH (student:Student)
WITH student LIMIT 1
RETURN student IS NOT NULL AS held
