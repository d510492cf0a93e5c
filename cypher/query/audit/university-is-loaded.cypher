// Whether the graph holds a university: students of someone's own, or the demo university to its last table.
// mode: read
// column held: boolean
// scan: the first student is enough, and there is one load a table
OPTIONAL MATCH (student:Student)
WITH student
LIMIT 1
OPTIONAL MATCH (load:Load {source: 'demo'})
WITH student, count(load) AS loads,
     count(CASE WHEN load.finishedAt IS NOT NULL AND load.file ENDS WITH 'interactions.csv' THEN 1 END) AS last
RETURN student IS NOT NULL AND (loads = 0 OR last > 0) AS held
