// What postings say: text, attributes, and required skills. Of several clusters, places or industries the first by
// code counts.
// mode: read
// parameter codes: list of string
// parameter asOf: datetime, facts closed later than this still count
// column rows: list of map, a posting each
// example codes: ["demo:job:1"]
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (job:Job)
WHERE job.code IN $codes
RETURN
  collect({
    code: job.code,
    title: job.name,
    responsibilities: job.responsibilities,
    requirements: job.requirements,
    language: job.language,
    year: job.releasedOn.year,
    month: job.releasedOn.month,
    education: job.education,
    low: job.salaryMin,
    high: job.salaryMax,
    period: job.salaryPeriod,
    currency: job.salaryCurrency,
    headcount: job.headcount,
    clusters: COLLECT {
      MATCH (job)-[edge:IN_CLUSTER]->(cluster:JobCluster)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN cluster.code
    },
    regions: COLLECT {
      MATCH (job)-[edge:LOCATED_IN]->(region:Region)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN region.code
    },
    industries: COLLECT {
      MATCH (job)-[posted:POSTED_BY]->(:Employer)-[edge:OPERATES_IN]->(industry:Industry)
      WHERE
        (posted.closedAt IS NULL OR posted.closedAt > $asOf) AND (edge.closedAt IS NULL OR edge.closedAt > $asOf)
      RETURN industry.code
    },
    skills: COLLECT {
      MATCH (job)-[edge:REQUIRES]->(skill:Skill)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN [skill.code, edge.level, edge.optional]
    }
  }) AS rows
