// What speaks for a capability of a student: every piece of evidence whose source has a level in the unit.
// An internship or a job counts by what its cluster demands, a venture by what the clusters of its line of business
// demand on average, the major by itself: of what students bring along, nothing else is known.
// mode: read
// parameter student: string, code of a student
// parameter capability: string, code of a capability unit
// parameter generation: string, code of a generation
// column type: string, relationship type
// column source: string, code of the resource, cluster, venture or major
// column name: string or null, its name
// column term: string or null, half-year
// column day: date or null, first day, or the day of the behaviour
// column score: float or null, 0 to 100, mark of a course, or score at admission
// column result: string or null, grade, award, status of a course or a job, or kind of behaviour
// column level: float or null, 0 to 1, level that the source has in the unit; null for a major
// example student: demo:student:1
// example capability: fc:data-analysis
// example generation: fc:g1
MATCH (student:Student {code: $student})
MATCH (capability:Capability {code: $capability})
CALL (student, capability) {
  MATCH (student)-[edge:TOOK|EARNED|ENTERED|WORKED_ON|INTERACTED]->(resource:Resource)
  WHERE
    edge.closedAt IS NULL
    AND (type(edge) <> 'TOOK' OR coalesce(edge.status, 'completed') IN ['completed', 'failed'])
    AND (
      type(edge) <> 'INTERACTED'
      OR edge.kind = 'complete'
      OR (edge.kind = 'register' AND (resource:Mentor OR resource:Policy OR resource:Incubator))
    )
  MATCH (resource)-[improves:IMPROVES {generation: $generation}]->(capability)
  RETURN
    type(edge) AS type,
    resource.code AS source,
    resource.name AS name,
    edge.term AS term,
    date(edge.at) AS day,
    edge.score AS score,
    coalesce(edge.result, edge.status, edge.kind) AS result,
    improves.level AS level
  UNION ALL
  MATCH (student)-[edge:INTERNED_AT]->(:Employer)
  WHERE edge.closedAt IS NULL
  MATCH (cluster:JobCluster {code: edge.jobCluster})-[demands:DEMANDS {generation: $generation}]->(capability)
  RETURN
    type(edge) AS type,
    cluster.code AS source,
    cluster.name AS name,
    edge.term AS term,
    edge.startedOn AS day,
    null AS score,
    edge.result AS result,
    demands.level AS level
  UNION ALL
  MATCH (student)-[edge:EMPLOYED_AS]->(cluster:JobCluster)
  WHERE edge.closedAt IS NULL AND edge.status IN ['employed', 'self_employed', 'left']
  MATCH (cluster)-[demands:DEMANDS {generation: $generation}]->(capability)
  RETURN
    type(edge) AS type,
    cluster.code AS source,
    cluster.name AS name,
    null AS term,
    edge.startedOn AS day,
    null AS score,
    edge.status AS result,
    demands.level AS level
  UNION ALL
  MATCH (student)-[edge:FOUNDED]->(venture:Venture)-[line:OPERATES_IN]->(industry:Industry)
  WHERE edge.closedAt IS NULL AND line.closedAt IS NULL
  MATCH
    (industry)<-[operates:OPERATES_IN]-(:Employer)<-[posted:POSTED_BY]-(job:Job)-[:IN_CLUSTER]->(cluster:JobCluster)
  WHERE operates.closedAt IS NULL AND posted.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
  WITH edge, venture, industry, capability, cluster, count(*) AS postings
  OPTIONAL MATCH (cluster)-[demands:DEMANDS {generation: $generation}]->(capability)
  WITH edge, venture, industry, toFloat(sum(postings * coalesce(demands.level, 0.0))) / sum(postings) AS level
  WHERE level > 0.0
  RETURN
    type(edge) AS type,
    venture.code AS source,
    venture.name AS name,
    null AS term,
    coalesce(edge.startedOn, venture.startedOn) AS day,
    null AS score,
    edge.status AS result,
    level
  UNION ALL
  MATCH (student)-[edge:STUDIES]->(major:Major)
  WHERE edge.closedAt IS NULL
  RETURN
    type(edge) AS type,
    major.code AS source,
    major.name AS name,
    null AS term,
    student.admittedOn AS day,
    student.admissionScore AS score,
    null AS result,
    null AS level
}
RETURN type, source, name, term, day, score, result, level
ORDER BY coalesce(level, 0.0) DESC, type, source, term, day
