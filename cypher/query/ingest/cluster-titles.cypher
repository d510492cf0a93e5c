// Name and aliases of the open job clusters of all sources but one.
// mode: read
// parameter source: string, the source that is left out
// column code: string
// column name: string
// column aliases: list of string
// scan: all job clusters are looked at, once a load
MATCH (cluster:JobCluster)
WHERE cluster.source <> $source AND cluster.closedAt IS NULL
RETURN cluster.code AS code, coalesce(cluster.name, '') AS name,
       coalesce(cluster.aliasesEn, []) + coalesce(cluster.aliasesZh, []) AS aliases
ORDER BY code
