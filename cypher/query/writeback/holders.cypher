// Codes of all nodes that may hold derived levels, closed ones included.
// mode: read
// column students: list of string
// column clusters: list of string
// column resources: list of string
// column majors: list of string
// scan: pruning visits every holder
RETURN
  COLLECT { MATCH (student:Student) RETURN student.code } AS students,
  COLLECT { MATCH (cluster:JobCluster) RETURN cluster.code } AS clusters,
  COLLECT { MATCH (resource:Resource) RETURN resource.code } AS resources,
  COLLECT { MATCH (major:Major) RETURN major.code } AS majors
