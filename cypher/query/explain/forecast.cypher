// What is foretold of a job cluster, by the active generation of forecasts: intensity with its interval, change, gap, each
// class, how much each channel of the model counted, and the resources that are proposed where it is in focus.
// mode: read
// parameter cluster: string, code of a job cluster
// column generation: string
// column name: string or null, of the cluster
// column month: date, first day of the window that is foretold
// column origin: date or null, first day of the last month that was known
// column horizon: integer or null, months of the window
// column demandClass: string, most probable class
// column probabilities: list of map, {demandClass, probability}; the most probable first
// column before: float or null, 0 or more, postings of the window before
// column expected: float or null, 0 or more, postings expected
// column intensity: float, 0 to 1
// column lower: float or null, 0 to 1, lower end of the interval of the intensity
// column upper: float or null, 0 to 1, upper end
// column change: float, -1 or more, rate against the window before
// column gap: float, 0 to 1
// column confidence: float, 0 to 1
// column warning: float
// column threshold: float or null, of the warning index
// column focus: boolean
// column focusSince: datetime or null
// column channels: list of map, {channel, weight}; the heaviest first, weights sum to 1
// column proposals: list of map, {resource, name, students, amount}; best first
// example cluster: fc:data-analyst
MATCH (pointer:ActivePointer {code: 'active'})
MATCH (generation:Generation {code: pointer.forecastGeneration})
WITH generation
  LIMIT 1
MATCH (cluster:JobCluster {code: $cluster})
MATCH (forecast:Forecast {code: generation.code + ':' + cluster.code})
RETURN generation.code AS generation, cluster.name AS name, forecast.month AS month, forecast.origin AS origin,
       generation.horizon AS horizon, forecast.demandClass AS demandClass,
       COLLECT {
         UNWIND range(0, size(forecast.probabilities) - 1) AS place
         WITH ['HIGH_GROWTH', 'GROWTH', 'STABLE', 'DECLINE', 'LOW_DEMAND'][place] AS demandClass,
              forecast.probabilities[place] AS probability, place
         RETURN {demandClass: demandClass, probability: probability}
         ORDER BY probability DESC, place
       } AS probabilities,
       forecast.before AS before, forecast.expected AS expected, forecast.intensity AS intensity,
       forecast.lower AS lower, forecast.upper AS upper, forecast.change AS change, forecast.gap AS gap,
       forecast.confidence AS confidence, forecast.warning AS warning, generation.threshold AS threshold,
       forecast.focus AS focus, forecast.focusSince AS focusSince,
       COLLECT {
         UNWIND range(0, size(forecast.channels) - 1) AS place
         RETURN {channel: forecast.channels[place], weight: forecast.channelWeights[place]}
         ORDER BY forecast.channelWeights[place] DESC, place
       } AS channels,
       COLLECT {
         MATCH (forecast)-[proposes:PROPOSES]->(resource:Resource)
         RETURN {
           resource: resource.code, name: resource.name, students: proposes.students, amount: proposes.amount
         }
         ORDER BY proposes.rank
       } AS proposals
