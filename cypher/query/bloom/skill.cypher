// The neighbourhood of a skill: its capability units, broader and narrower skills, and the resources that teach it.
// mode: read
// parameter skill: string, name of a skill
// column path: path
MATCH (skill:Skill {name: $skill})
MATCH path = (skill)-[:MAPS_TO|BROADER|SAME_AS|TEACHES|TYPICALLY_REQUIRES]-()
RETURN path
LIMIT 200
