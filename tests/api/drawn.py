"""Small worlds drawn at random: as the plain objects of the oracle, as rows of the queries, and as a graph."""

import json
import random
from datetime import UTC, date, datetime, timedelta

from neo4j.time import DateTime

from api.recommend.pool import Clusters, Names, Pool, Postings, Shelf, majors, shelves
from api.recommend.settings import Days, Rules
from cypher.graph import Graph
from schema.feedback import REWARDS
from schema.nodes import RESOURCE_KINDS
from schema.ranking import PATHS, ScoreWeights
from schema.rules import RankingRules
from schema.scoring import BridgingWeights, shortfalls
from tests.api.oracle import Goal, Posting, Resource, Student, World, done_of, steps_of

REFERENCE = date(2024, 5, 31)
CREATED = datetime(2024, 6, 10, 8, tzinfo=UTC)  # ten days later: a world that does not go on
UNITS = tuple(f"k:{place}" for place in range(6))
SKILLS = tuple(f"s:{place}" for place in range(8))
CLUSTERS = tuple(f"j:{place}" for place in range(4))
MAJORS = ("m:0", "m:1")
TERMS = ("2022-1", "2022-2", "2023-1", "2023-2")


def vector(drawn: random.Random, most: int = 4) -> dict[str, float]:
    """Draw levels of some units; quarters, so that equal scores occur."""
    return {unit: drawn.choice((0.25, 0.5, 0.75, 1.0)) for unit in sorted(drawn.sample(UNITS, drawn.randint(1, most)))}


def world(drawn: random.Random) -> World:
    """Draw a world."""
    weights = {path: ScoreWeights(fit=drawn.choice((0.2, 0.3)), redundancy=drawn.choice((0.1, 0.4))) for path in PATHS}
    made = World(
        reference=REFERENCE,
        demands={code: vector(drawn) for code in CLUSTERS[:-1]} | {CLUSTERS[-1]: {}},
        heat={code: drawn.choice((0.25, 0.75)) for code in CLUSTERS[:2]},
        mappings={skill: [(unit, drawn.choice((0.5, 1.0)))] for skill, unit in zip(SKILLS, UNITS, strict=False)},
        postings=[_posting(drawn, place) for place in range(drawn.randint(10, 40))],
        resources=[],
        leads={MAJORS[0]: {code: drawn.choice((0.1, 0.4)) for code in CLUSTERS}},
        rules=RankingRules(
            weights, pool=drawn.choice((4, 100)), listed=drawn.choice((5, 20)), recent=drawn.choice((0, 3, 20))
        ),
        bridging=BridgingWeights(0.25, 0.75, 0.125),
        goals=2,
        steps=3,
    )
    made.mappings[SKILLS[0]].append((UNITS[5], 0.5))
    for place in range(drawn.randint(4, 24)):
        known = [each.code for each in made.resources]
        made.resources.append(
            Resource(
                f"r:{place:02}",
                drawn.choice(RESOURCE_KINDS),
                vector(drawn, 3),
                tuple(sorted(drawn.sample(CLUSTERS, drawn.choice((0, 0, 1, 2))))),
                tuple(drawn.sample(known, 1)) if known and drawn.random() < 0.2 else (),
            )
        )
    return made


def _posting(drawn: random.Random, place: int) -> Posting:
    return Posting(
        f"p:{place:02}",
        drawn.choice(CLUSTERS),
        REFERENCE - timedelta(days=drawn.choice((0, 1, 7, 40, 400))),
        REFERENCE + timedelta(days=drawn.choice((-3, 0, 9))) if drawn.random() < 0.3 else None,
        drawn.choice((None, None, 5, 6, 7)),
        tuple(drawn.sample(("g:0", "g:1"), drawn.choice((0, 1, 1, 2)))),
        [
            (skill, drawn.choice((0.25, 0.5, 1.0)), drawn.choice((0.5, 1.0)), drawn.random() < 0.3)
            for skill in drawn.sample(SKILLS, drawn.choice((0, 1, 3)))
        ],
    )


def student(drawn: random.Random, made: World, code: str, *, known: bool = True) -> Student:
    """Draw a student of a world; one who is not known has no record and no gaps."""
    someone = Student(
        code,
        drawn.choice((*MAJORS, None)),
        drawn.choice((None, 5, 6)),
        date(2021, 9, 1),
        date(2025, 7, 1) if drawn.random() < 0.7 else None,
        drawn.sample(CLUSTERS[:-1], drawn.choice((0, 0, 1))),
        vector(drawn) if known else {},
        [],
    )
    codes = [each.code for each in made.resources]
    courses = [each.code for each in made.resources if each.kind == "Course"]
    if known:
        for course in drawn.sample(courses, min(2, len(courses))):
            someone.took.append((course, drawn.choice(TERMS), drawn.choice(("completed", "failed"))))
        for each in made.resources:
            type_ = {"Certificate": "EARNED", "Competition": "ENTERED", "Project": "WORKED_ON"}.get(each.kind)
            if type_ and drawn.random() < 0.2:
                someone.joined.append((type_, each.code, drawn.choice(TERMS)))
        someone.founded = drawn.choice((0, 0, 1))
        for place in range(drawn.choice((0, 2, 8))):
            job = drawn.random() < 0.6
            item = drawn.choice([each.code for each in made.postings]) if job else drawn.choice(codes)
            kinds = set(REWARDS) - ({"register", "complete"} if job else {"apply"})
            at = datetime(2024, 5, 1, 12, tzinfo=UTC) - timedelta(days=drawn.choice((0, 0, 3, 500)))
            someone.actions.append((at, f"a{place}", drawn.choice(sorted(kinds)), item))
        wanted = [code for code in CLUSTERS if made.demands[code]]
        for goal in drawn.sample(wanted, drawn.randint(1, len(wanted))):
            lacks = shortfalls(made.demands[goal], someone.abilities)
            stored = Goal(goal, goal in someone.aims, drawn.choice((0.0, 0.5, 1.0)), lacks, [])
            stored.bridges = steps_of(made, someone, goal, lacks)
            someone.goals.append(stored)
    return someone


def config(made: World) -> str:
    """Return the settings of the generation, as JSON."""
    weights = {"to_student": made.bridging.to_student, "to_goal": made.bridging.to_goal, "gap": made.bridging.gap}
    plain = {"ranking": made.rules.plain(), "goals": made.goals, "resources": made.steps, "weights": weights}
    return json.dumps(plain)


def pool(made: World) -> Pool:
    """Return the snapshot of a world, from rows as the queries give them."""
    units = Names.of([(unit, unit, None) for unit in UNITS])
    counts = {code: sum(each.cluster == code for each in made.postings) for code in CLUSTERS}
    clusters = Clusters.of(
        [
            (code, code, None, counts[code], list(made.demands[code].items()), made.heat.get(code), None, None)
            for code in CLUSTERS
        ],
        units,
    )
    resources = sorted(made.resources, key=lambda each: each.code)
    offers = Shelf.of(
        [
            (each.code, each.code, each.kind, None, None, each.prepares, sorted(each.after), list(each.supply.items()))
            for each in resources
        ],
        units,
        clusters.names,
    )
    rows = {}
    for code in CLUSTERS:
        open_ = [
            each
            for each in made.postings
            if each.cluster == code and (each.closes is None or each.closes >= made.reference)
        ]
        open_.sort(key=lambda each: (-each.released.toordinal(), each.code))
        rows[code] = [
            (each.code, each.released, each.closes, each.education, each.regions, asked(made, each))
            for each in open_[: made.rules.pool]
        ]
    return Pool(
        "t:g",
        None,
        Rules.of(config(made)),
        days(),
        units,
        clusters,
        Postings.of(rows, {}, units, clusters),
        offers,
        shelves(offers),
        majors([(major, list(leads.items())) for major, leads in made.leads.items()], clusters.names),
        {code: frozenset({code}) for code in ("g:0", "g:1")},
        rows,
    )


def asked(made: World, posting: Posting) -> list[tuple[str, float]]:
    """Return what a posting itself demands; nothing where it maps to nothing."""
    found = made.asked(posting)
    return [] if found is made.demands[posting.cluster] else list(found.items())


def days() -> Days:
    """Return the days of the generation."""
    return Days(REFERENCE, REFERENCE)


def row(made: World, someone: Student) -> dict:
    """Return the row of serve/student-facts of a student."""
    kinds = {each.code: each.kind for each in made.resources}
    terms = days().terms
    return {
        "code": someone.code,
        "degree": someone.degree,
        "year": None,
        "admittedOn": someone.admitted,
        "graduatesOn": someone.graduates,
        "updatedAt": None,
        "major": someone.major,
        "aims": sorted(someone.aims),
        "abilities": list(someone.abilities.items()),
        "gaps": [
            {
                "gap": f"{someone.code}:{goal.code}",
                "goal": goal.code,
                "goalName": goal.code,
                "match": 0.5,
                "value": goal.value,
                "own": goal.own,
                "likelihood": goal.likelihood,
                "lacks": list(goal.lacks.items()),
                "bridges": [(code, code, share) for code, share in goal.bridges],
            }
            for goal in someone.goals
        ],
        "done": sorted(done_of(someone)),
        "actions": [
            {"at": DateTime.from_native(at), "key": key, "kind": kind, "item": item}
            | dict(zip(("itemKind", "cluster"), made.kind_and_cluster(item), strict=True))
            for at, key, kind, item in someone.actions
        ],
        "completed": sum(term in terms and status == "completed" for _, term, status in someone.took),
        "interned": 0,
        "ventured": sum(
            term in terms and kinds[code] in ("Competition", "Project") for _, code, term in someone.joined
        ),
        "founded": someone.founded,
        "recommended": [],
    }


NODES = """
CREATE (g:Generation {
  code: 't:g', createdAt: $created, activatedAt: $created, dataThrough: $reference, config: $config, metrics: '{}'
})
CREATE (:ActivePointer {code: 'active', generation: 't:g', forecastGeneration: 't:f'})-[:POINTS_AT]->(g)
FOREACH (code IN $units | CREATE (:Capability {code: code, name: code}))
FOREACH (code IN $skills | CREATE (:Skill {code: code, name: code}))
FOREACH (code IN $majors | CREATE (:Major {code: code, name: code}))
FOREACH (code IN ['g:0', 'g:1'] | CREATE (:Region {code: code, name: code}))
FOREACH (code IN $clusters | CREATE (:JobCluster {code: code, name: code}))
FOREACH (each IN $forecasts | CREATE (:Forecast {
  code: 't:f:' + each[0], intensity: each[1], generation: 't:f', demandClass: 'GROWTH', change: 0.25
}))
FOREACH (each IN $postings | CREATE (:Job {
  code: each.code, name: each.code, releasedOn: each.released, closesOn: each.closes, education: each.education
}))
"""
EDGES = {
    "MAPS_TO": ("Skill", "Capability"),
    "DEMANDS": ("JobCluster", "Capability"),
    "LEADS_TO": ("Major", "JobCluster"),
    "IN_CLUSTER": ("Job", "JobCluster"),
    "REQUIRES": ("Job", "Skill"),
    "LOCATED_IN": ("Job", "Region"),
    "IMPROVES": ("Resource", "Capability"),
    "PREPARES_FOR": ("Resource", "JobCluster"),
    "REQUIRES_FIRST": ("Resource", "Resource"),
    "STUDIES": ("Student", "Major"),
    "AIMS_AT": ("Student", "JobCluster"),
    "HAS_CAPABILITY": ("Student", "Capability"),
    "TOOK": ("Student", "Course"),
    "EARNED": ("Student", "Certificate"),
    "ENTERED": ("Student", "Competition"),
    "WORKED_ON": ("Student", "Project"),
    "HAS_GAP": ("Student", "Gap"),
    "TOWARD": ("Gap", "JobCluster"),
    "LACKS": ("Gap", "Capability"),
    "BRIDGES": ("Resource", "Gap"),
    "FOUNDED": ("Student", "Venture"),
}


def write(graph: Graph, made: World, students: list[Student]) -> None:
    """Write a world to an empty graph."""
    graph.write(
        NODES,
        created=CREATED,
        reference=made.reference,
        config=config(made),
        units=UNITS,
        skills=SKILLS,
        majors=MAJORS,
        clusters=CLUSTERS,
        forecasts=list(made.heat.items()),
        postings=[
            {"code": each.code, "released": each.released, "closes": each.closes, "education": each.education}
            for each in made.postings
        ],
    )
    for kind in sorted({each.kind for each in made.resources}):
        graph.write(
            f"UNWIND $codes AS code CREATE (:Resource:{kind} {{code: code, name: code}})",
            codes=[each.code for each in made.resources if each.kind == kind],
        )
    here = {"generation": "t:g"}
    edges: list[tuple[str, str, str, dict]] = []
    edges += [
        ("MAPS_TO", skill, unit, {"weight": weight}) for skill, ways in made.mappings.items() for unit, weight in ways
    ]
    edges += [
        ("DEMANDS", code, unit, here | {"level": level})
        for code, levels in made.demands.items()
        for unit, level in levels.items()
    ]
    edges += [
        ("LEADS_TO", major, code, here | {"share": share})
        for major, leads in made.leads.items()
        for code, share in leads.items()
    ]
    for posting in made.postings:
        edges.append(("IN_CLUSTER", posting.code, posting.cluster, {}))
        edges += [("LOCATED_IN", posting.code, region, {}) for region in posting.regions]
        edges += [
            ("REQUIRES", posting.code, skill, {"level": level, "confidence": confidence, "optional": optional})
            for skill, level, confidence, optional in posting.requires
        ]
    for resource in made.resources:
        edges += [("IMPROVES", resource.code, unit, here | {"level": level}) for unit, level in resource.supply.items()]
        edges += [("PREPARES_FOR", resource.code, code, {}) for code in resource.prepares]
        edges += [("REQUIRES_FIRST", resource.code, code, {}) for code in resource.after]
    for someone in students:
        edges += _student(graph, someone)
    for type_, (start, end) in EDGES.items():
        if rows := [edge[1:] for edge in edges if edge[0] == type_]:
            graph.write(
                f"UNWIND $rows AS row MATCH (a:{start} {{code: row[0]}}) MATCH (b:{end} {{code: row[1]}}) "
                f"CREATE (a)-[edge:{type_}]->(b) SET edge = row[2]",
                rows=rows,
            )
    for someone in students:
        graph.write(
            "MATCH (student:Student {code: $student}) UNWIND $rows AS row "
            "OPTIONAL MATCH (job:Job {code: row[3]}) OPTIONAL MATCH (resource:Resource {code: row[3]}) "
            "WITH student, row, coalesce(job, resource) AS item "
            "CREATE (student)-[:INTERACTED {at: row[0], key: row[1], kind: row[2]}]->(item)",
            student=someone.code,
            rows=[list(each) for each in someone.actions],
        )


def draw(graph: Graph, seed: int, *, students: int = 2, newcomer: bool = True) -> list[Student]:
    """Draw a world with some students, write it to the graph, and return the students.

    Arguments:
        graph: empty before.
        seed: of the draw.
        students: with a record, of the codes ``u:0`` and so on.
        newcomer: whether a student without a record, ``u:new``, is there too, the last one.
    """
    generator = random.Random(seed)
    made = world(generator)
    drawn = [student(generator, made, f"u:{place}") for place in range(students)]
    if newcomer:
        drawn.append(student(generator, made, "u:new", known=False))
    write(graph, made, drawn)
    return drawn


def _student(graph: Graph, someone: Student) -> list[tuple[str, str, str, dict]]:
    here = {"generation": "t:g"}
    graph.write(
        "CREATE (:Student {code: $code, name: $code, degree: $degree, admittedOn: $admitted, graduatesOn: $graduates}) "
        "FOREACH (n IN range(1, $founded) | CREATE (:Venture {code: $code + ':v' + n}))",
        code=someone.code,
        degree=someone.degree,
        admitted=someone.admitted,
        graduates=someone.graduates,
        founded=someone.founded,
    )
    edges = [("STUDIES", someone.code, someone.major, {})] if someone.major else []
    edges += [("AIMS_AT", someone.code, code, {}) for code in someone.aims]
    edges += [
        ("HAS_CAPABILITY", someone.code, unit, here | {"level": level}) for unit, level in someone.abilities.items()
    ]
    edges += [("TOOK", someone.code, code, {"term": term, "status": status}) for code, term, status in someone.took]
    edges += [(type_, someone.code, code, {"term": term}) for type_, code, term in someone.joined]
    edges += [("FOUNDED", someone.code, f"{someone.code}:v{n + 1}", {}) for n in range(someone.founded)]
    for rank, goal in enumerate(someone.goals, start=1):
        gap = f"{someone.code}:{goal.code}"
        graph.write(
            "CREATE (:Gap {code: $gap, generation: 't:g', value: $value, match: 0.5, rank: $rank, ownGoal: $own, "
            "likelihood: $likelihood})",
            gap=gap,
            value=goal.value,
            rank=rank,
            own=goal.own,
            likelihood=goal.likelihood,
        )
        edges += [("HAS_GAP", someone.code, gap, here), ("TOWARD", gap, goal.code, here)]
        edges += [
            ("LACKS", gap, unit, here | {"amount": amount, "demanded": amount, "held": 0.0})
            for unit, amount in goal.lacks.items()
        ]
        edges += [
            ("BRIDGES", code, gap, here | {"contribution": share, "rank": place, "score": 0.5})
            for place, (code, share) in enumerate(goal.bridges, start=1)
        ]
    return edges
