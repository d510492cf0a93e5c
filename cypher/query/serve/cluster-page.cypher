// Job clusters with what a generation foretells of them, in a chosen order, after a place; those without a forecast last.
// mode: read
// parameter search: string or null, words of a name; null for all
// parameter focusOnly: boolean, only clusters in focus
// parameter generation: string or null, code of a generation of forecasts
// parameter order: string, WARNING, INTENSITY, CHANGE, GAP or NAME
// parameter descending: boolean
// parameter after: string or null, code of the last cluster of the page before; null for the first page
// parameter afterKey: any or null, what that cluster is ordered by; null where it has no forecast
// parameter first: integer, 0 to 101
// column code: string
// column name: string or null
// column key: any, what the cluster is ordered by
// example order: WARNING
// example focusOnly: false
// example descending: true
// example afterKey: 0.5
// example after: a
// example generation: fc:g1
// example search: data
// example first: 20
CALL () {
  WITH 1 AS all
  WHERE $search IS NULL
  MATCH (cluster:JobCluster)
  WHERE cluster.code > ''
  RETURN cluster
UNION
  WITH trim(reduce(text = toLower($search), sign IN split('+ - & | ! ( ) { } [ ] ^ " ~ * ? : \\ / < > =', ' ') | replace(text, sign, ' '))) AS words
  WHERE words <> ''
  CALL db.index.fulltext.queryNodes('job_cluster_search', words) YIELD node
  RETURN node AS cluster
}
WITH cluster
WHERE cluster.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
OPTIONAL MATCH (forecast:Forecast {code: $generation + ':' + cluster.code})
WITH cluster,
     coalesce(forecast.focus, false) AS focus,
     CASE $order
       WHEN 'NAME' THEN coalesce(cluster.name, cluster.code)
       WHEN 'INTENSITY' THEN forecast.intensity
       WHEN 'CHANGE' THEN forecast.change
       WHEN 'GAP' THEN forecast.gap
       ELSE forecast.warning
     END AS key
WHERE (focus OR NOT $focusOnly)
  AND (
    $after IS NULL
    OR ($afterKey IS NULL AND key IS NULL AND cluster.code > $after)
    OR ($afterKey IS NOT NULL AND (
      key IS NULL OR (key = $afterKey AND cluster.code > $after)
      OR ($descending AND key < $afterKey) OR (NOT $descending AND key > $afterKey)
    ))
  )
RETURN cluster.code AS code, cluster.name AS name, key
ORDER BY key IS NULL, CASE WHEN $descending THEN key END DESC, CASE WHEN NOT $descending THEN key END, code
LIMIT $first
