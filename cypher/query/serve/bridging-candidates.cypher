// Resources on offer that supply what a student lacks and that the student has not done, with whole supply vectors.
// mode: read
// parameter student: string
// parameter generation: string
// parameter units: list of string, codes of the capability units that are lacking
// parameter day: date, resources that ended before it are not on offer
// column candidates: list of list of any, code of the resource, codes of its units, their levels; in one record, since rows cost the driver more than what is in them
// example student: demo:student:1
// example generation: fc:g1
// example units: ["fc:data-analysis"]
// example day: 2026-01-01
MATCH (student:Student {code: $student})
WITH student, COLLECT {
  MATCH (student)-[edge:TOOK|EARNED|ENTERED|WORKED_ON|INTERACTED]->(done:Resource)
  WHERE edge.closedAt IS NULL
    AND (type(edge) <> 'TOOK' OR NOT coalesce(edge.status, 'completed') IN ['failed', 'withdrawn'])
    AND (type(edge) <> 'INTERACTED' OR edge.kind = 'complete')
  RETURN DISTINCT done
} AS done
MATCH (capability:Capability)<-[:IMPROVES {generation: $generation}]-(resource:Resource)
WHERE capability.code IN $units
WITH DISTINCT resource, done
WHERE resource.closedAt IS NULL AND coalesce(resource.endsOn >= $day, true) AND NOT resource IN done
MATCH (resource)-[improves:IMPROVES {generation: $generation}]->(unit:Capability)
WITH resource.code AS code, collect(unit.code) AS units, collect(improves.level) AS levels
RETURN collect([code, units, levels]) AS candidates
