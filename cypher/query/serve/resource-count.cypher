// How many resources a source still states, of a kind or a search.
// mode: read
// parameter kind: string or null, label of the kind; null for all
// parameter search: string or null, words of a name; null for all
// column resources: integer, 0 or more
// example kind: Course
CALL () {
  WITH 1 AS all
  WHERE $search IS NULL
  MATCH (resource:Resource)
  WHERE resource.code > ''
  RETURN resource
UNION
  WITH trim(reduce(text = toLower($search), sign IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, sign, ' '))) AS words
  WHERE words <> ''
  CALL db.index.fulltext.queryNodes('resource_search', words) YIELD node
  RETURN node AS resource
}
WITH resource
WHERE resource.closedAt IS NULL AND ($kind IS NULL OR $kind IN labels(resource))
RETURN count(resource) AS resources
