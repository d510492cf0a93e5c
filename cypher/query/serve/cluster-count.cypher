// How many job clusters there are, of a search or in focus.
// mode: read
// parameter search: string or null, words of a name; null for all
// parameter focusOnly: boolean, only clusters in focus
// parameter generation: string or null, code of a generation of forecasts
// column clusters: integer, 0 or more
// example focusOnly: true
// example generation: fc:g1
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
WITH cluster, coalesce(forecast.focus, false) AS focus
WHERE focus OR NOT $focusOnly
RETURN count(cluster) AS clusters
