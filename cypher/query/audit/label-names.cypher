// All labels that were ever used, and how many nodes there are at all.
// mode: read
// column names: list of string
// column nodes: integer
CALL db.labels() YIELD label
WITH collect(label) AS names
RETURN names, COUNT { MATCH () } AS nodes
