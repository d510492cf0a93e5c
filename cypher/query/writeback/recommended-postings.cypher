// Write lists of postings.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter rows: list of map, one per student, with equally long lists of what is recommended, best first
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
UNWIND $rows AS row
MATCH (student:Student {code: row.student})
UNWIND range(0, size(row.items) - 1) AS place
MATCH (item:Job {code: row.items[place]})
CREATE (student)-[:RECOMMENDED {
  path: row.paths[place],
  rank: row.ranks[place],
  score: row.scores[place],
  match: row.matches[place],
  gap: row.gaps[place],
  contribution: row.contributions[place],
  heat: row.heats[place],
  goal: row.goals[place],
  terms: row.terms[place],
  generation: $generation
}]->(item)
