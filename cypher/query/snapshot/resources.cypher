// All resources; those that are closed or over still bear witness to what students learned, but are not on offer.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// parameter day: date, the day of asOf
// column resources: list of list of any, code, whether it is on offer, kind, and for whom or null
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
MATCH (resource:Resource)
RETURN
  collect([
    resource.code,
    coalesce(resource.closedAt > $asOf, true) AND coalesce(resource.endsOn >= $day, true),
    [label IN labels(resource) WHERE label <> 'Resource'][0],
    resource.audience
  ]) AS resources
