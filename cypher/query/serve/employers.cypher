// Employers by code.
// mode: read
// parameter codes: list of string
// column code: string
// column name: string or null
// column industry: string or null
// example codes: ["demo:employer:1"]
MATCH (employer:Employer)
WHERE employer.code IN $codes
RETURN employer.code AS code, employer.name AS name,
       head(COLLECT {
         MATCH (employer)-[operates:OPERATES_IN]->(industry:Industry)
         WHERE operates.closedAt IS NULL
         RETURN coalesce(industry.name, industry.code) ORDER BY industry.code LIMIT 1
       }) AS industry
