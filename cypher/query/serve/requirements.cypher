// Skills that postings ask for, the highest level first.
// mode: read
// parameter codes: list of string, codes of jobs
// column code: string
// column rows: list of map, the skill as {code, name, aliases}, level and evidence
// example codes: ["demo:job:1"]
MATCH (job:Job)
WHERE job.code IN $codes
RETURN job.code AS code,
       COLLECT {
         MATCH (job)-[requires:REQUIRES]->(skill:Skill)
         WHERE requires.closedAt IS NULL
         RETURN {
           code: skill.code, name: skill.name,
           aliases: coalesce(skill.aliasesEn, []) + coalesce(skill.aliasesZh, []),
           level: requires.level, evidence: requires.evidence
         }
         ORDER BY requires.level DESC, skill.code
       } AS rows
