// Classes by code, with the number of their students.
// mode: read
// parameter codes: list of string
// column code: string
// column name: string or null
// column size: integer, 0 or more, students whom a source still states
// example codes: ["demo:class:1"]
MATCH (class:ClassGroup)
WHERE class.code IN $codes
RETURN class.code AS code, class.name AS name,
       COUNT {
         MATCH (class)<-[member:MEMBER_OF]-(student:Student)
         WHERE member.closedAt IS NULL AND student.closedAt IS NULL
       } AS size
