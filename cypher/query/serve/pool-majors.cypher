// Where students of each major go.
// mode: read
// parameter generation: string
// column majors: list of list of any, code of the major, and [job cluster, share] of each
// scan: the service reads the whole label once a generation
// example generation: fc:g1
MATCH (major:Major)
RETURN collect([
  major.code,
  COLLECT {
    MATCH (major)-[leads:LEADS_TO {generation: $generation}]->(cluster:JobCluster)
    RETURN [cluster.code, leads.share]
  }
]) AS majors
