// Job clusters that a title may lead to, in the order of their codes; what postings themselves have made is left out.
// mode: read
// column codes: list of string
// column names: list of string
// column aliases: list of list of string
// column iscoCodes: list of string
// column onetCodes: list of string
// scan: every name of every cluster is looked for in the titles
MATCH (cluster:JobCluster)
WHERE cluster.closedAt IS NULL AND cluster.contentHash IS NOT NULL AND coalesce(cluster.rule, '') <> 'unclassified'
WITH cluster ORDER BY cluster.code
RETURN
  collect(cluster.code) AS codes,
  collect(coalesce(cluster.name, '')) AS names,
  collect(coalesce(cluster.aliasesEn, []) + coalesce(cluster.aliasesZh, [])) AS aliases,
  collect(coalesce(cluster.iscoCode, '')) AS iscoCodes,
  collect(coalesce(cluster.onetCode, '')) AS onetCodes
