// Job postings by code, with employer, cluster and place.
// mode: read
// parameter codes: list of string
// column code: string
// column title: string or null
// column employer: map or null, {code, name, industry}
// column cluster: map or null, {code, name}
// column region: string or null
// column education: string or null, as written, else the ISCED 2011 level
// column salaryMin: float or null
// column salaryMax: float or null
// column salaryCurrency: string or null
// column salaryPeriod: string or null
// column releasedOn: date
// example codes: ["demo:job:1"]
MATCH (job:Job)
WHERE job.code IN $codes
RETURN job.code AS code, job.name AS title,
       head(COLLECT {
         MATCH (job)-[posted:POSTED_BY]->(employer:Employer)
         WHERE posted.closedAt IS NULL
         WITH employer ORDER BY employer.code LIMIT 1
         RETURN {
           code: employer.code, name: employer.name,
           industry: head(COLLECT {
             MATCH (employer)-[operates:OPERATES_IN]->(industry:Industry)
             WHERE operates.closedAt IS NULL
             RETURN coalesce(industry.name, industry.code) ORDER BY industry.code LIMIT 1
           })
         }
       }) AS employer,
       head(COLLECT {
         MATCH (job)-[in:IN_CLUSTER]->(cluster:JobCluster)
         WHERE in.closedAt IS NULL
         RETURN {code: cluster.code, name: cluster.name} ORDER BY cluster.code LIMIT 1
       }) AS cluster,
       coalesce(head(COLLECT {
         MATCH (job)-[located:LOCATED_IN]->(region:Region)
         WHERE located.closedAt IS NULL
         RETURN coalesce(region.name, region.code) ORDER BY region.code LIMIT 1
       }), job.regionText) AS region,
       coalesce(job.educationText, 'ISCED ' + toString(job.education)) AS education,
       toFloat(job.salaryMin) AS salaryMin, toFloat(job.salaryMax) AS salaryMax,
       job.salaryCurrency AS salaryCurrency, job.salaryPeriod AS salaryPeriod, job.releasedOn AS releasedOn
