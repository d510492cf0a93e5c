// Write forecasts. A cluster that comes into focus, and was not in the active generation of forecasts, notes since when.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter month: date, first day of the window that is foretold
// parameter origin: date, first day of the last month that was known
// parameter channels: list of string, channels of the model
// parameter rows: list of map, one per cluster: its code, and the properties of its forecast
MATCH (generation:Generation {code: $generation})
// The lock comes before the look: a run that takes over retires the generation, and then nothing more is written.
SET generation.updatedAt = $at
WITH generation
WHERE generation.status = 'writing'
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
UNWIND $rows AS row
MATCH (cluster:JobCluster {code: row.cluster})
OPTIONAL MATCH (before:Forecast {code: pointer.forecastGeneration + ':' + row.cluster})
CREATE (forecast:Forecast {
  code: $generation + ':' + row.cluster,
  name: cluster.name,
  source: 'fc',
  createdAt: $at,
  updatedAt: $at,
  generation: $generation,
  month: $month,
  origin: $origin,
  demandClass: row.demandClass,
  probabilities: row.probabilities,
  before: row.before,
  expected: row.expected,
  intensity: row.intensity,
  lower: row.lower,
  upper: row.upper,
  change: row.change,
  gap: row.gap,
  confidence: row.confidence,
  warning: row.warning,
  focus: row.focus,
  focusSince: CASE WHEN row.focus THEN coalesce(before.focusSince, $at) END,
  channels: $channels,
  channelWeights: row.weights
})
CREATE (cluster)-[:HAS_FORECAST {generation: $generation}]->(forecast)
