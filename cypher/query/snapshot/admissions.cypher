// What students study, with which score they came, and when.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column start: string, a student
// column ends: list of list of any, major, score at admission, 0 to 100 or null, and day or null
// scan: a job reads all students
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (student:Student)-[edge:STUDIES]->(major:Major)
WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
RETURN student.code AS start, collect([major.code, student.admissionScore, student.admittedOn]) AS ends
