// Delete some forecasts of a generation that never became active.
// mode: write
// parameter generation: string, code of a retired generation
// parameter most: integer, 1 or more, forecasts in one transaction
MATCH (forecast:Forecast {generation: $generation})
WITH forecast
LIMIT $most
DETACH DELETE forecast
