// Start a generation of forecasts; nobody reads it before it is activated.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter dataThrough: date, last day of data that it knows
// parameter config: string, settings as JSON
// parameter horizon: integer, 1 or more, months of a window
// parameter lowCut: float, 0 or more, postings of a window below which demand is low
// parameter changeCuts: list of float, rising log changes that part the other classes
// parameter ceiling: float, 0 or more, postings of a window that count as intensity 1
// parameter threshold: float, of the warning index
CREATE (:Generation {
  code: $generation,
  name: $generation,
  source: 'fc',
  createdAt: $at,
  updatedAt: $at,
  kind: 'forecast',
  dataThrough: $dataThrough,
  config: $config,
  status: 'writing',
  horizon: $horizon,
  lowCut: $lowCut,
  changeCuts: $changeCuts,
  ceiling: $ceiling,
  threshold: $threshold
})
