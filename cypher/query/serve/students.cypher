// Students with their major and class, by code.
// mode: read
// parameter codes: list of string
// column code: string
// column major: string or null
// column classGroup: map or null, {code, name, size}
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code,
       head(COLLECT { MATCH (student)-[:STUDIES]->(major:Major) RETURN major.name ORDER BY major.code LIMIT 1 }) AS major,
       head(COLLECT {
         MATCH (student)-[:MEMBER_OF]->(class:ClassGroup)
         RETURN {code: class.code, name: class.name, size: COUNT { (class)<-[:MEMBER_OF]-(:Student) }}
         ORDER BY class.code LIMIT 1
       }) AS classGroup
