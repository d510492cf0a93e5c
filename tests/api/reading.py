"""What the oracle needs to know, read from the graph by statements of its own, a fact at a time."""

import json
from datetime import UTC, datetime
from typing import Any

from cypher.graph import Graph
from schema.rules import RankingRules
from schema.scoring import BridgingWeights
from tests.api.oracle import Goal, Posting, Resource, Student, World

OPEN = "WHERE x.closedAt IS NULL"


def native(value: Any) -> Any:
    """Return a day or an instant as Python has it."""
    return value.to_native() if value is not None else None


def pairs(graph: Graph, statement: str, **given: Any) -> list[tuple[Any, ...]]:
    """Return records as tuples."""
    return [tuple(record.values()) for record in graph.read(statement, **given)]


def grouped(rows: list[tuple[Any, ...]]) -> dict[str, dict[str, float]]:
    """Return (start, end, value) as a mapping of mappings."""
    found: dict[str, dict[str, float]] = {}
    for start, end, value in rows:
        found.setdefault(start, {})[end] = value
    return found


def read_world(graph: Graph) -> World:
    """Read all that lists depend on beside the student, as of the active generation."""
    [(code, through, config, forecast)] = pairs(
        graph,
        "MATCH (p:ActivePointer) MATCH (g:Generation {code: p.generation}) "
        "RETURN g.code, g.dataThrough, g.config, p.forecastGeneration",
    )
    settings = json.loads(config)
    clusters = [row[0] for row in pairs(graph, f"MATCH (x:JobCluster) {OPEN} RETURN x.code")]
    demands = grouped(
        pairs(
            graph,
            "MATCH (j:JobCluster)-[d:DEMANDS {generation: $code}]->(k:Capability) RETURN j.code, k.code, d.level",
            code=code,
        )
    )
    mappings: dict[str, list[tuple[str, float]]] = {}
    for skill, unit, weight in pairs(
        graph, "MATCH (s:Skill)-[x:MAPS_TO]->(k:Capability) RETURN s.code, k.code, x.weight"
    ):
        mappings.setdefault(skill, []).append((unit, weight))
    heat = {
        cluster: intensity
        for cluster in clusters
        for (intensity,) in pairs(
            graph, "MATCH (f:Forecast {code: $code}) RETURN f.intensity", code=f"{forecast}:{cluster}"
        )
    }
    leads = grouped(
        pairs(
            graph,
            "MATCH (m:Major)-[l:LEADS_TO {generation: $code}]->(j:JobCluster) RETURN m.code, j.code, l.share",
            code=code,
        )
    )
    return World(
        reference=native(through),
        demands={cluster: demands.get(cluster, {}) for cluster in clusters},
        heat=heat,
        mappings=mappings,
        postings=_postings(graph),
        resources=_resources(graph, code),
        leads=leads,
        rules=RankingRules.of(settings["ranking"]),
        bridging=BridgingWeights(**settings["weights"]),
        goals=settings["goals"],
        steps=settings["resources"],
    )


def _postings(graph: Graph) -> list[Posting]:
    requires: dict[str, list[tuple[str, float, float, bool]]] = {}
    for code, *rest in pairs(
        graph,
        f"MATCH (p:Job)-[x:REQUIRES]->(s:Skill) {OPEN} RETURN p.code, s.code, x.level, x.confidence, x.optional",
    ):
        requires.setdefault(code, []).append(tuple(rest))  # type: ignore[arg-type]
    regions: dict[str, list[str]] = {}
    for code, region in pairs(graph, f"MATCH (p:Job)-[x:LOCATED_IN]->(r:Region) {OPEN} RETURN p.code, r.code"):
        regions.setdefault(code, []).append(region)
    return [
        Posting(
            code,
            cluster,
            native(released),
            native(closes),
            education,
            tuple(regions.get(code, ())),
            requires.get(code, []),
        )
        for code, cluster, released, closes, education in pairs(
            graph,
            f"MATCH (x:Job)-[:IN_CLUSTER]->(j:JobCluster) {OPEN} "
            "RETURN x.code, j.code, x.releasedOn, x.closesOn, x.education",
        )
    ]


def _resources(graph: Graph, generation: str) -> list[Resource]:
    supply = grouped(
        pairs(
            graph,
            "MATCH (r:Resource)-[i:IMPROVES {generation: $code}]->(k:Capability) RETURN r.code, k.code, i.level",
            code=generation,
        )
    )
    many: dict[str, dict[str, list[str]]] = {"PREPARES_FOR": {}, "REQUIRES_FIRST": {}}
    for type_, found in many.items():
        for start, end in pairs(graph, f"MATCH (r:Resource)-[x:{type_}]->(e) {OPEN} RETURN r.code, e.code"):
            found.setdefault(start, []).append(end)
    return [
        Resource(
            code,
            next(label for label in labels if label != "Resource"),
            supply.get(code, {}),
            tuple(many["PREPARES_FOR"].get(code, ())),
            tuple(many["REQUIRES_FIRST"].get(code, ())),
        )
        for code, labels in pairs(graph, f"MATCH (x:Resource) {OPEN} RETURN x.code, labels(x) ORDER BY x.code")
    ]


def read_student(graph: Graph, code: str) -> Student:
    """Read one student, as of the active generation and of now."""
    [(generation,)] = pairs(graph, "MATCH (p:ActivePointer) RETURN p.generation")
    here = {"code": code, "generation": generation, "now": datetime.now(UTC)}
    start = "MATCH (u:Student {code: $code})"

    def rows(rest: str) -> list[tuple[Any, ...]]:
        names = {name: value for name, value in here.items() if f"${name}" in start + rest}
        return pairs(graph, f"{start}{rest}", **names)

    [(degree, admitted, graduates)] = rows(" RETURN u.degree, u.admittedOn, u.graduatesOn")
    goals = []
    for gap, goal, own, likelihood in rows(
        "-[:HAS_GAP {generation: $generation}]->(g)-[:TOWARD]->(j) "
        "RETURN g.code, j.code, g.ownGoal, g.likelihood ORDER BY g.rank"
    ):
        lacks = dict(pairs(graph, "MATCH (:Gap {code: $gap})-[l:LACKS]->(k) RETURN k.code, l.amount", gap=gap))
        bridges = pairs(
            graph, "MATCH (:Gap {code: $gap})<-[b:BRIDGES]-(r) RETURN r.code, b.contribution ORDER BY b.rank", gap=gap
        )
        goals.append(Goal(goal, own, likelihood, lacks, bridges))  # type: ignore[arg-type]
    return Student(
        code,
        next((major for (major,) in rows("-[:STUDIES]->(m) RETURN m.code")), None),
        degree,
        native(admitted),
        native(graduates),
        [aim for (aim,) in rows("-[:AIMS_AT]->(j:JobCluster) RETURN j.code")],
        dict(rows("-[h:HAS_CAPABILITY {generation: $generation}]->(k) RETURN k.code, h.level")),
        goals,
        rows("-[t:TOOK]->(r) RETURN r.code, t.term, t.status"),  # type: ignore[arg-type]
        rows("-[t:EARNED|ENTERED|WORKED_ON]->(r) RETURN type(t), r.code, t.term"),  # type: ignore[arg-type]
        len(rows("-[:FOUNDED]->(v) RETURN v.code")),
        [
            (native(at), key, kind, item)
            for at, key, kind, item in rows(
                "-[d:INTERACTED]->(x) WHERE d.at <= $now RETURN d.at, d.key, d.kind, x.code"
            )
        ],
    )
