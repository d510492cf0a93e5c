// Resources on offer, with all that a list or a plan needs to know of them, in order of code.
// mode: read
// parameter generation: string
// parameter today: date, resources that ended before it are not on offer
// column resources: list of list of any, code, name, kind, hours or null, term or null, codes of the job clusters that it prepares for, codes of what comes first, supply as [unit, level]
// scan: the service reads the whole label once a generation
// example generation: fc:g1
// example today: 2026-01-01
MATCH (resource:Resource)
WHERE resource.closedAt IS NULL AND coalesce(resource.endsOn >= $today, true)
WITH resource ORDER BY resource.code
RETURN collect([
  resource.code, coalesce(resource.name, resource.code),
  [label IN labels(resource) WHERE label <> 'Resource'][0], resource.hours, resource.term,
  COLLECT {
    MATCH (resource)-[prepares:PREPARES_FOR]->(cluster:JobCluster)
    WHERE prepares.closedAt IS NULL
    RETURN cluster.code
  },
  COLLECT {
    MATCH (resource)-[after:REQUIRES_FIRST]->(first:Resource)
    WHERE after.closedAt IS NULL
    RETURN DISTINCT first.code AS code ORDER BY code
  },
  COLLECT {
    MATCH (resource)-[improves:IMPROVES {generation: $generation}]->(unit:Capability)
    RETURN [unit.code, improves.level]
  }
]) AS resources
