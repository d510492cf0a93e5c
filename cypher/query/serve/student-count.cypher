// How many students a source still states, of a class or a major.
// mode: read
// parameter classGroup: string or null, code of the class; null for all
// parameter major: string or null, name of the major; null for all
// column students: integer, 0 or more
MATCH (student:Student)
WHERE student.code > '' AND student.closedAt IS NULL
  AND ($classGroup IS NULL OR EXISTS {
    MATCH (student)-[member:MEMBER_OF]->(:ClassGroup {code: $classGroup}) WHERE member.closedAt IS NULL
  })
  AND ($major IS NULL OR EXISTS {
    MATCH (student)-[studies:STUDIES]->(:Major {name: $major}) WHERE studies.closedAt IS NULL
  })
RETURN count(student) AS students
