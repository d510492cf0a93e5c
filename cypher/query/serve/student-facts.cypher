// What recommendations of students depend on, of each student alone: attributes, goals, abilities, gaps, what was done,
// behaviour, the studies of the last twelve months, and the lists that the jobs stored.
// mode: read
// parameter codes: list of string
// parameter generation: string or null, null before the first generation
// parameter now: datetime, later behaviour does not count
// parameter day: date, the reference day of the generation
// parameter today: date, postings that closed before it are over
// parameter since: date, twelve months before the reference day
// parameter terms: list of string, terms that ended in these twelve months
// column code: string
// column degree: integer or null, ISCED 2011 level aimed at
// column year: integer or null
// column admittedOn: date or null
// column graduatesOn: date or null
// column updatedAt: datetime or null
// column major: string or null, code
// column aims: list of string, codes of the job clusters that the student stated as goals
// column abilities: list of list of any, capability unit and level
// column gaps: list of map, {gap, goal, goalName, value, match, own, likelihood, lacks, bridges}; best goals first; lacks are [unit, amount], the largest first, bridges are [resource, name, contribution], best first
// column done: list of string, resources
// column actions: list of map, {at, key, kind, item, itemKind, cluster}; in order of time
// column completed: integer, courses completed in these twelve months
// column interned: integer, internships of these twelve months
// column ventured: integer, projects and competitions of these twelve months
// column founded: integer, ventures founded, ever
// column recommended: list of map, {path, rank, score, gap, goal, terms, item, kind, closesOn, open}; in order of path and rank
// example codes: ["demo:student:1"]
// example generation: fc:g1
// example now: 2026-01-01T00:00:00+00:00
// example day: 2026-01-01
// example today: 2026-01-01
// example since: 2025-01-01
// example terms: ["2024-2", "2025-1"]
MATCH (student:Student)
WHERE student.code IN $codes
RETURN student.code AS code, student.degree AS degree, student.year AS year, student.admittedOn AS admittedOn,
       student.graduatesOn AS graduatesOn, student.updatedAt AS updatedAt,
       head(COLLECT {
         MATCH (student)-[studies:STUDIES]->(major:Major)
         WHERE studies.closedAt IS NULL
         RETURN major.code ORDER BY major.code LIMIT 1
       }) AS major,
       COLLECT {
         MATCH (student)-[aims:AIMS_AT]->(goal)
         WHERE aims.closedAt IS NULL
         OPTIONAL MATCH (goal)-[in:IN_CLUSTER]->(cluster:JobCluster)
         WHERE in.closedAt IS NULL
         WITH DISTINCT CASE WHEN goal:JobCluster THEN goal.code ELSE cluster.code END AS aim
         WHERE aim IS NOT NULL
         RETURN aim ORDER BY aim
       } AS aims,
       COLLECT {
         MATCH (student)-[held:HAS_CAPABILITY {generation: $generation}]->(unit:Capability)
         RETURN [unit.code, held.level] ORDER BY unit.code
       } AS abilities,
       COLLECT {
         MATCH (student)-[:HAS_GAP {generation: $generation}]->(gap:Gap)-[:TOWARD]->(goal:JobCluster)
         RETURN {
           gap: gap.code, goal: goal.code, goalName: goal.name, value: gap.value, match: gap.match,
           own: coalesce(gap.ownGoal, false),
           likelihood: coalesce(gap.likelihood, 0.0),
           lacks: COLLECT {
             MATCH (gap)-[lack:LACKS]->(unit:Capability)
             RETURN [unit.code, lack.amount] ORDER BY lack.amount DESC, unit.code
           },
           bridges: COLLECT {
             MATCH (gap)<-[bridge:BRIDGES]-(resource:Resource)
             RETURN [resource.code, coalesce(resource.name, resource.code), bridge.contribution]
             ORDER BY bridge.rank, resource.code
           }
         }
         ORDER BY gap.rank, goal.code
       } AS gaps,
       COLLECT {
         MATCH (student)-[edge:TOOK|EARNED|ENTERED|WORKED_ON|INTERACTED]->(resource:Resource)
         WHERE edge.closedAt IS NULL
           AND (type(edge) <> 'TOOK' OR NOT coalesce(edge.status, 'completed') IN ['failed', 'withdrawn'])
           AND (type(edge) <> 'INTERACTED' OR edge.kind = 'complete')
         RETURN DISTINCT resource.code
       } AS done,
       COLLECT {
         MATCH (student)-[did:INTERACTED]->(item)
         WHERE did.closedAt IS NULL AND did.at <= $now
         RETURN {
           at: did.at, key: did.key, kind: did.kind, item: item.code,
           itemKind: CASE WHEN item:Job THEN 'Job' ELSE [label IN labels(item) WHERE label <> 'Resource'][0] END,
           cluster: head(COLLECT {
             MATCH (item)-[leads:IN_CLUSTER|PREPARES_FOR]->(cluster:JobCluster)
             WHERE leads.closedAt IS NULL AND coalesce(cluster.rule, '') <> 'unclassified'
             RETURN cluster.code ORDER BY cluster.code LIMIT 1
           })
         }
         ORDER BY did.at, did.key
       } AS actions,
       COUNT {
         MATCH (student)-[took:TOOK]->(:Course)
         WHERE took.closedAt IS NULL AND took.term IN $terms AND coalesce(took.status, 'completed') = 'completed'
       } AS completed,
       COUNT {
         MATCH (student)-[interned:INTERNED_AT]->(:Employer)
         WHERE interned.closedAt IS NULL
           AND CASE
             WHEN interned.startedOn IS NULL THEN interned.term IN $terms
             ELSE interned.startedOn > $since AND interned.startedOn <= $day
           END
       } AS interned,
       COUNT {
         MATCH (student)-[entered:ENTERED|WORKED_ON]->(resource:Resource)
         WHERE entered.closedAt IS NULL AND entered.term IN $terms AND (resource:Competition OR resource:Project)
       } AS ventured,
       COUNT {
         MATCH (student)-[founded:FOUNDED]->(venture:Venture)
         WHERE founded.closedAt IS NULL AND coalesce(founded.startedOn <= $day, venture.startedOn <= $day, true)
       } AS founded,
       COLLECT {
         MATCH (student)-[listed:RECOMMENDED {generation: $generation}]->(item)
         RETURN {
           path: listed.path, rank: listed.rank, score: listed.score, gap: listed.gap, goal: listed.goal,
           terms: listed.terms, item: item.code,
           kind: CASE WHEN item:Job THEN 'Job' ELSE [label IN labels(item) WHERE label <> 'Resource'][0] END,
           closesOn: item.closesOn,
           open: item.closedAt IS NULL AND coalesce(item.closesOn >= $today, item.endsOn >= date($now), true)
         }
         ORDER BY listed.path, listed.rank, item.code
       } AS recommended
