"""Node and relationship types that jobs compute. Each fact names the generation that wrote it."""

from schema.nodes import NodeType
from schema.properties import Kind, Owner, Property, count, day, flag, instant, number, share, text, texts
from schema.relationships import RelationshipType

GENERATION_CODE = text("generation", "code of the generation that wrote it", required=True)

DEMAND_CLASSES = ("HIGH_GROWTH", "GROWTH", "STABLE", "DECLINE", "LOW_DEMAND")

DERIVED_NODES = (
    NodeType(
        "Generation",
        "one run of a job; of each kind at most one is active",
        (
            text("kind", "what it holds; gaps where it is absent", values=("gaps", "forecast")),
            instant("activatedAt", "when readers began to see it"),
            day("dataThrough", "last day of data that it knows"),
            text("config", "settings, as JSON"),
            text("metrics", "measured figures, as JSON"),
            text("status", "where it stands", values=("writing", "complete", "active", "retired")),
            # Of gaps: what an update keeps and compares.
            Property("basis", Kind.BYTES, "vectors of clusters and resources and shares of majors, packed"),
            Property("competing", Kind.BYTES, "digests of the postings that compete, packed"),
            instant("broughtUpAt", "when an update last brought its facts up to date"),
            # Of forecasts: what holds a past one against what came.
            count("horizon", "months of the window that is foretold, and of the one before it", unit="months", low=1),
            number("lowCut", "postings of a window below which demand is low", unit="postings", low=0),
            Property("changeCuts", Kind.FLOATS, "rising log changes that part decline, stable, growth and high growth"),
            number("ceiling", "postings of a window that count as intensity 1", unit="postings", low=0),
            number("threshold", "of the warning index"),
        ),
        Owner.DERIVED,
    ),
    # Readers go by the properties: each changes in one write, while a relationship that is replaced may be seen twice
    # or not at all. POINTS_AT is for the eye.
    NodeType(
        "ActivePointer",
        "the one node that names the active generations",
        (
            text("generation", "code of the active generation of gaps and all that belongs to them"),
            text("forecastGeneration", "code of the active generation of forecasts"),
        ),
        Owner.TECHNICAL,
    ),
    NodeType(
        "Forecast",
        "equations 10-12: demand of one cluster in one window of months. It outlives its generation, as history; its "
        "code is that of the generation, a colon, and that of the cluster",
        (
            GENERATION_CODE,
            day("month", "first day of the window that is foretold", required=True),
            day("origin", "first day of the last month that was known"),
            text("demandClass", "most probable class", values=DEMAND_CLASSES),
            Property("probabilities", Kind.FLOATS, "calibrated, in the order of the classes, sum 1"),
            number("before", "postings of the window that ended with the origin", unit="postings", low=0),
            number("expected", "postings expected in the window", unit="postings", low=0),
            share("intensity", "d: intensity of demand, on a logarithmic scale"),
            share("lower", "lower end of the interval of the intensity"),
            share("upper", "upper end of the interval of the intensity"),
            number("change", "delta: rate against the window before", low=-1),
            share("gap", "q: what students oriented to the cluster lack of its demands"),
            share("confidence", "c: trust in the forecast"),
            number("warning", "r: warning index"),
            flag("focus", "the warning index is above the threshold"),
            instant("focusSince", "when the cluster came into focus; chains from before are due for renewal"),
            texts("channels", "channels of the model"),
            Property("channelWeights", Kind.FLOATS, "how much each channel counted, sum 1"),
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
            share("likelihood", "how often students like this one come to the goal, on a logarithmic scale"),
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
    RelationshipType("POINTS_AT", "an active generation", ("ActivePointer",), ("Generation",), owner=Owner.TECHNICAL),
    # (:JobCluster)-[:HAS_FORECAST]->(:Forecast)
    _derived("HAS_FORECAST", "a forecast of the cluster, active or past", ("JobCluster",), ("Forecast",)),
    # (:Forecast)-[:PROPOSES]->(:Resource)
    _derived(
        "PROPOSES",
        "resource that bridges the widest gap for most students, for a cluster in focus",
        ("Forecast",),
        ("Resource",),
        count("rank", "place, best first", low=1),
        count("students", "students whose gap it narrows", unit="students"),
        number("amount", "what it closes of their gaps", unit="levels", low=0),
    ),
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
    # (:Major)-[:LEADS_TO]->(:JobCluster)
    _derived(
        "LEADS_TO",
        "where students of the major go; what a student without a record is told from",
        ("Major",),
        ("JobCluster",),
        share("share", "share of them, smoothed; sums to 1 over all clusters", required=True),
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
        text("goal", "code of the job cluster that the item leads to"),
        Property(
            "terms",
            Kind.FLOATS,
            "values of the terms, in the order of `schema.ranking.TERMS`; with the weights "
            "of the generation they sum to the score",
        ),
    ),
)
