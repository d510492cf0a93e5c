// Cheap signs that postings were added or that a load has ended since they were looked at last.
// mode: read
// column postings: integer, number of relationships between postings and job clusters
// column loadedAt: datetime or null, end of the latest load
// scan: loads are few, and relationships of one type are counted without being read
CALL () {
  MATCH (load:Load)
  RETURN max(load.finishedAt) AS loadedAt
}
CALL () {
  MATCH ()-[in:IN_CLUSTER]->()
  RETURN count(in) AS postings
}
RETURN postings, loadedAt
