// Whether a generation of forecasts is active.
// mode: read
// column active: boolean
OPTIONAL MATCH (pointer:ActivePointer {code: 'active'})
OPTIONAL MATCH (generation:Generation {code: pointer.forecastGeneration})
RETURN generation IS NOT NULL AS active
