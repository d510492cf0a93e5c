// Job clusters whose embeddings are nearest to those of others: candidates from the vector index, in the order of their
// exact cosine similarity; only vectors of one model are compared.
// mode: read
// parameter codes: list of string, codes of job clusters
// parameter candidates: integer, 1 or more, how many the index is asked for; more than are wanted, since it approximates
// column code: string
// column rows: list of map, {code, name, similarity}; the nearest first, -1 to 1
// example codes: ["demo:1"]
// example candidates: 50
MATCH (cluster:JobCluster)
WHERE cluster.code IN $codes AND cluster.embedding IS NOT NULL
RETURN cluster.code AS code,
       COLLECT {
         CALL db.index.vector.queryNodes('job_cluster_embedding', $candidates, cluster.embedding)
         YIELD node AS other
         WHERE other <> cluster AND other.closedAt IS NULL AND coalesce(other.rule, '') <> 'unclassified'
           AND coalesce(other.embeddingGeneration, '') = coalesce(cluster.embeddingGeneration, '')
         WITH other, 2 * vector.similarity.cosine(cluster.embedding, other.embedding) - 1 AS similarity
         RETURN {code: other.code, name: other.name, similarity: similarity}
         ORDER BY similarity DESC, other.code
       } AS rows
