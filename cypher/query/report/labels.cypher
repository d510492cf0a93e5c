// How many nodes each label has, from the server's own counts.
// mode: read
// column label: string
// column nodes: integer, 1 or more
CALL db.stats.retrieve('GRAPH COUNTS') YIELD data
UNWIND data.nodes AS entry
WITH entry.label AS label, entry.count AS nodes
WHERE label IS NOT NULL AND nodes > 0
RETURN label, nodes
ORDER BY nodes DESC, label
