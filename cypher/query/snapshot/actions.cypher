// What students did with postings and resources until an instant.
// mode: read
// parameter asOf: datetime, facts closed later than this still count, and later behaviour does not
// column student: string, code
// column actions: list of list of any, code of the item, kind of the action, milliseconds since 1970, key, whether the item is a posting, and the job cluster of a posting, of several the first by code, or null
// scan: a job reads all behaviour
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (student:Student)-[edge:INTERACTED]->(item:Job|Resource)
WHERE (edge.closedAt IS NULL OR edge.closedAt > $asOf) AND edge.at <= $asOf
RETURN
  student.code AS student,
  collect([
    item.code,
    edge.kind,
    edge.at.epochMillis,
    edge.key,
    'Job' IN labels(item),
    CASE
      WHEN 'Job' IN labels(item)
        THEN head(COLLECT {
          MATCH (item)-[in:IN_CLUSTER]->(cluster:JobCluster)
          WHERE
            (in.closedAt IS NULL OR in.closedAt > $asOf)
            AND coalesce(cluster.rule, '') <> 'unclassified'
          RETURN cluster.code ORDER BY cluster.code LIMIT 1
        })
    END
  ]) AS actions
