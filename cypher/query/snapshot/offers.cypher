// What one has to know of resources to offer them: effort, last day, and what comes first.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column resources: list of list of any, code, hours or null, last day (days since 1970) or null, and codes of the resources that come first
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (resource:Resource)
RETURN
  collect([
    resource.code,
    resource.hours,
    duration.inDays(date('1970-01-01'), resource.endsOn).days,
    COLLECT {
      MATCH (resource)-[edge:REQUIRES_FIRST]->(first:Resource)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN first.code
    }
  ]) AS resources
