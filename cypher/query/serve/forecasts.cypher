// Forecasts of job clusters in a generation of forecasts.
// mode: read
// parameter codes: list of string, codes of job clusters
// parameter generation: string, code of a generation of forecasts
// column code: string, of the job cluster
// column month: date, first day of the window that is foretold
// column demandClass: string
// column probabilities: list of float, 0 to 1, in the order of the classes
// column intensity: float, 0 to 1
// column change: float
// column gap: float, 0 to 1
// column confidence: float, 0 to 1
// column warning: float
// column focus: boolean
// column generation: string
// example codes: ["demo:1"]
// example generation: fc:g1
UNWIND $codes AS code
MATCH (forecast:Forecast {code: $generation + ':' + code})
RETURN code, forecast.month AS month, forecast.demandClass AS demandClass, forecast.probabilities AS probabilities,
       forecast.intensity AS intensity, forecast.change AS change, forecast.gap AS gap,
       forecast.confidence AS confidence, forecast.warning AS warning, forecast.focus AS focus,
       forecast.generation AS generation
