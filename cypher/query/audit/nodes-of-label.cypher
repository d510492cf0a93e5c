// Every node of a label with the relationships that start at it, for a comparison of whole graphs.
// mode: read
// parameter label: string
// parameter leaveOut: list of string, relationships to nodes of these labels are left out
// column labels: list of string
// column properties: map
// column edges: list of list of any, each [type, code of the other end or all it has, properties]
// scan: every node counts
// example label: Skill
// example leaveOut: ["Load"]
MATCH (node:$($label))
RETURN
  labels(node) AS labels,
  properties(node) AS properties,
  [(node)-[edge]->(other) WHERE none(each IN labels(other) WHERE each IN $leaveOut) |
    [type(edge), coalesce(other.code, properties(other)), properties(edge)]] AS edges
