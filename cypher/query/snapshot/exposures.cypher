// What the students of an experiment were shown, and what they did with it within some days after.
// mode: read
// parameter experiment: string
// parameter days: integer, days after the showing within which an action counts
// parameter wanted: list of string, kinds of actions that mean that the student wants the item
// column student: string
// column variant: string, A or B
// column shown: integer, items shown
// column taken: integer, those of them that the student wanted then
// scan: a comparison reads every list of the experiment
// example experiment: spring
// example days: 14
// example wanted: ["apply"]
MATCH (student:Student)-[shown:SHOWN {experiment: $experiment}]->(item)
WITH student, shown.variant AS variant, item, min(shown.at) AS at
WITH student, variant, EXISTS {
  MATCH (student)-[action:INTERACTED]->(item)
  WHERE action.kind IN $wanted AND action.at >= at AND action.at < at + duration({days: $days})
} AS taken
RETURN student.code AS student, variant, count(*) AS shown, sum(CASE WHEN taken THEN 1 ELSE 0 END) AS taken
ORDER BY student, variant
