// Resources that supply what a student lacks and has not done yet, each with its whole supply vector.
// mode: read
// parameter student: string
// parameter generation: string
// parameter units: list of string, codes of the capability units that are lacking
// column code: string
// column name: string or null
// column kind: string
// column policyLevel: string or null
// column supplies: list of map, {capability, level}
MATCH (student:Student {code: $student})
MATCH (capability:Capability)<-[:IMPROVES {generation: $generation}]-(resource:Resource)
WHERE capability.code IN $units
WITH DISTINCT student, resource
WHERE resource.closedAt IS NULL
  AND NOT EXISTS { (student)-[:EARNED|ENTERED|WORKED_ON]->(resource) }
  AND NOT EXISTS {
    MATCH (student)-[took:TOOK]->(resource)
    WHERE NOT coalesce(took.status, 'completed') IN ['failed', 'withdrawn']
  }
  AND NOT EXISTS { (student)-[:INTERACTED {kind: 'complete'}]->(resource) }
RETURN resource.code AS code, resource.name AS name,
       [label IN labels(resource) WHERE label <> 'Resource'][0] AS kind, resource.policyLevel AS policyLevel,
       COLLECT {
         MATCH (resource)-[improves:IMPROVES {generation: $generation}]->(unit:Capability)
         RETURN {capability: unit.code, level: improves.level}
         ORDER BY unit.code
       } AS supplies
ORDER BY code
