// What is known of students beside their results: who they are, where they stand in their studies, what they founded,
// where they were interns.
// mode: read
// parameter asOf: datetime, facts closed later than this still count
// column students: list of list of any, code, gender, home region, in need of help, year, degree, admission, graduation (days since 1970), days of foundations, -1 where the day is not known, and first day or null and term of internships; all but the first and the last two may be null
// scan: a job reads the whole label
// example asOf: 2026-01-01T00:00:00+00:00
MATCH (student:Student)
WHERE student.closedAt IS NULL OR student.closedAt > $asOf
RETURN
  collect([
    student.code,
    student.gender,
    student.regionText,
    student.difficulty,
    student.year,
    student.degree,
    duration.inDays(date('1970-01-01'), student.admittedOn).days,
    duration.inDays(date('1970-01-01'), student.graduatesOn).days,
    COLLECT {
      MATCH (student)-[edge:FOUNDED]->(venture:Venture)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN coalesce(duration.inDays(date('1970-01-01'), coalesce(edge.startedOn, venture.startedOn)).days, -1)
    },
    COLLECT {
      MATCH (student)-[edge:INTERNED_AT]->(:Employer)
      WHERE edge.closedAt IS NULL OR edge.closedAt > $asOf
      RETURN [duration.inDays(date('1970-01-01'), edge.startedOn).days, edge.term]
    }
  ]) AS students
