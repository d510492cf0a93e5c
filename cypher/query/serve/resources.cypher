// Resources by code.
// mode: read
// parameter codes: list of string
// column code: string
// column name: string or null
// column kind: string
// column policyLevel: string or null
// example codes: ["demo:1"]
MATCH (resource:Resource)
WHERE resource.code IN $codes
RETURN resource.code AS code, resource.name AS name,
       [label IN labels(resource) WHERE label <> 'Resource'][0] AS kind, resource.policyLevel AS policyLevel
