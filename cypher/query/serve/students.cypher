// Students with their major and class, by code.
// mode: read
// parameter codes: list of string
// column code: string
// column major: string or null
// column classGroup: map or null, {code, name, size}
// example codes: ["demo:student:1"]
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code,
       head(COLLECT {
         MATCH (student)-[studies:STUDIES]->(major:Major)
         WHERE studies.closedAt IS NULL
         RETURN coalesce(major.name, major.code) ORDER BY major.code LIMIT 1
       }) AS major,
       head(COLLECT {
         MATCH (student)-[member:MEMBER_OF]->(class:ClassGroup)
         WHERE member.closedAt IS NULL
         WITH class ORDER BY class.code LIMIT 1
         RETURN {
           code: class.code, name: class.name,
           size: COUNT {
             MATCH (class)<-[other:MEMBER_OF]-(mate:Student)
             WHERE other.closedAt IS NULL AND mate.closedAt IS NULL
           }
         }
       }) AS classGroup
