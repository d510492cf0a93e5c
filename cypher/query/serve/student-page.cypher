// Codes of students whom a source still states, after a code, in order.
// mode: read
// parameter classGroup: string or null, code of the class; null for all
// parameter major: string or null, name of the major; null for all
// parameter after: string, code of the last student of the page before; empty for the first page
// parameter first: integer, 0 to 101
// column code: string
// example after: a
// example first: 20
MATCH (student:Student)
WHERE student.code > $after AND student.closedAt IS NULL
  AND ($classGroup IS NULL OR EXISTS {
    MATCH (student)-[member:MEMBER_OF]->(:ClassGroup {code: $classGroup}) WHERE member.closedAt IS NULL
  })
  AND ($major IS NULL OR EXISTS {
    MATCH (student)-[studies:STUDIES]->(:Major {name: $major}) WHERE studies.closedAt IS NULL
  })
RETURN student.code AS code
ORDER BY code
LIMIT $first
