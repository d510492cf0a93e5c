// Start a generation of gaps and all that belongs to them; nobody reads it before it is activated.
// mode: write
// parameter generation: string, code of the generation that is being written
// parameter at: datetime, now
// parameter dataThrough: date, last day of data that it knows
// parameter config: string, settings as JSON
CREATE (:Generation {
  code: $generation,
  name: $generation,
  source: 'fc',
  createdAt: $at,
  updatedAt: $at,
  kind: 'gaps',
  dataThrough: $dataThrough,
  config: $config,
  status: 'writing'
})
