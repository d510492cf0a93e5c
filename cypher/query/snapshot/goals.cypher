// The goals that students stated; a posting stands for its job cluster.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// column start: string, a student
// column ends: list of list of any, a job cluster each
// scan: a job reads all stated goals
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
MATCH (student:Student)-[edge:AIMS_AT]->(goal)
WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND coalesce(edge.statedOn <= $day, true)
OPTIONAL MATCH (goal)-[:IN_CLUSTER]->(cluster:JobCluster)
WITH student, CASE WHEN goal:JobCluster THEN goal ELSE cluster END AS cluster
WHERE cluster IS NOT NULL
RETURN student.code AS start, collect(DISTINCT [cluster.code]) AS ends
