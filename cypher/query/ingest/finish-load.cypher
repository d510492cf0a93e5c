// Mark a load as finished and keep its report.
// mode: write
// parameter code: string
// parameter at: datetime
// parameter report: string
MATCH (load:Load {code: $code})
SET load.finishedAt = $at, load.updatedAt = $at, load.report = $report
