// Resources that a source still states, of a kind or a search, after a code, in order of code.
// mode: read
// parameter kind: string or null, label of the kind; null for all
// parameter search: string or null, words of a name; null for all
// parameter after: string, code of the last resource of the page before; empty for the first page
// parameter first: integer, 0 to 101
// column code: string
// example kind: Course
// example search: data
// example after: a
// example first: 20
CALL () {
  WITH 1 AS all
  WHERE $search IS NULL
  MATCH (resource:Resource)
  WHERE resource.code > $after
  RETURN resource
UNION
  WITH trim(reduce(text = toLower($search), sign IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, sign, ' '))) AS words
  WHERE words <> ''
  CALL db.index.fulltext.queryNodes('resource_search', words) YIELD node
  RETURN node AS resource
}
WITH resource
WHERE resource.code > $after AND resource.closedAt IS NULL AND ($kind IS NULL OR $kind IN labels(resource))
RETURN resource.code AS code
ORDER BY code
LIMIT $first
