"""Node and relationship types that jobs compute. Each fact names the generation that wrote it."""

from schema.nodes import NodeType
from schema.properties import Kind, Owner, Property, count, day, flag, instant, number, share, text
from schema.relationships import RelationshipType

GENERATION_CODE = text("generation", "code of the generation that wrote it", required=True)

DEMAND_CLASSES = ("HIGH_GROWTH", "GROWTH", "STABLE", "DECLINE", "LOW_DEMAND")

DERIVED_NODES = (
    NodeType(
        "Generation",
        "one run of the jobs; exactly one is active",
        (
            instant("activatedAt", "when readers began to see it"),
            day("dataThrough", "last day of data that it knows"),
            text("config", "settings, as JSON"),
            text("metrics", "measured figures, as JSON"),
            text("status", "where it stands", values=("writing", "complete", "active", "retired")),
        ),
        Owner.DERIVED,
    ),
    # Readers go by the property: it changes in one write, while a relationship that is replaced may be seen twice or
    # not at all. POINTS_AT is for the eye.
    NodeType(
        "ActivePointer",
        "the one node that names the active generation",
        (text("generation", "code of the active generation"),),
        Owner.TECHNICAL,
    ),
    NodeType(
        "Forecast",
        "equations 10-12: demand of one cluster in one month",
        (
            GENERATION_CODE,
            day("month", "first day of the month", required=True),
            text("demandClass", "most probable class", values=DEMAND_CLASSES),
            Property("probabilities", Kind.FLOATS, "calibrated, in the order of the classes, sum 1"),
            share("intensity", "d: intensity of demand"),
            number("change", "delta: rate against the window before"),
            share("gap", "q: shortfall of the students"),
            share("confidence", "c: trust in the forecast"),
            number("warning", "r: warning index"),
            flag("focus", "the warning index is above the threshold"),
        ),
        Owner.DERIVED,
    ),
    NodeType(
        "Gap",
        "equation 15: what a goal demands and a student does not hold yet",
        (
            GENERATION_CODE,
            number("value", "g: sum of the shortfalls", unit="levels", low=0),
            share("match", "cosine similarity of abilities and demands"),
            count("rank", "place among the student's goals, best first", low=1),
            flag("ownGoal", "the student stated the goal"),
        ),
        Owner.DERIVED,
    ),
)

_LEVEL = share("level", "how much of it", required=True)


def _derived(
    type_: str, meaning: str, starts: tuple[str, ...], ends: tuple[str, ...], *extra: Property
) -> RelationshipType:
    return RelationshipType(type_, meaning, starts, ends, (*extra, GENERATION_CODE), ("generation",), Owner.DERIVED)


DERIVED_RELATIONSHIPS = (
    # (:ActivePointer)-[:POINTS_AT]->(:Generation)
    RelationshipType("POINTS_AT", "the active generation", ("ActivePointer",), ("Generation",), owner=Owner.TECHNICAL),
    # (:JobCluster)-[:HAS_FORECAST]->(:Forecast)
    _derived("HAS_FORECAST", "the cluster's forecast", ("JobCluster",), ("Forecast",)),
    # (:JobCluster)-[:DEMANDS]->(:Capability)
    _derived("DEMANDS", "b_j: what the cluster demands", ("JobCluster",), ("Capability",), _LEVEL),
    # (:Student)-[:HAS_CAPABILITY]->(:Capability)
    _derived("HAS_CAPABILITY", "a_u(t): what the student can do", ("Student",), ("Capability",), _LEVEL),
    # (:Resource)-[:IMPROVES]->(:Capability)
    _derived("IMPROVES", "c_r: what the resource supplies", ("Resource",), ("Capability",), _LEVEL),
    # (:Student)-[:HAS_GAP]->(:Gap)
    _derived("HAS_GAP", "the student's gap", ("Student",), ("Gap",)),
    # (:Gap)-[:TOWARD]->(:JobCluster)
    _derived("TOWARD", "the goal of the gap", ("Gap",), ("JobCluster",)),
    # (:Gap)-[:LACKS]->(:Capability)
    _derived(
        "LACKS",
        "one shortfall; amounts sum to the gap's value",
        ("Gap",),
        ("Capability",),
        share("demanded", "b_jk: level that the goal demands"),
        share("held", "a_uk: level that the student holds"),
        share("amount", "relu(demanded - held)"),
    ),
    # (:Resource)-[:BRIDGES]->(:Gap)
    _derived(
        "BRIDGES",
        "equation 16: the resource narrows the gap",
        ("Resource",),
        ("Gap",),
        number("score", "s: bridging score"),
        share("similarityToStudent", "sim(a_u, c_r)"),
        share("similarityToGoal", "sim(c_r, b_j)"),
        share("contribution", "share of the gap that it closes"),
        count("rank", "place for the gap, best first", low=1),
    ),
    # (:Student)-[:RECOMMENDED]->(:Job)
    _derived(
        "RECOMMENDED",
        "equations 19 and 20: an item of a student's list",
        ("Student",),
        ("Job", "Resource"),
        text("path", "which list", values=("JOB", "TRAINING", "ENTREPRENEURSHIP")),
        count("rank", "place in the list", low=1),
        number("score", "R': score after diversity"),
        share("match", "m: match"),
        number("gap", "d: gap", low=0),
        share("contribution", "b: contribution"),
        share("heat", "h: heat of demand"),
    ),
)
