"""Pages of reference, written from what is declared: the graph, the named queries, the settings.

Nothing here is typed by hand twice, so that a page cannot say what the product does not do.
"""

import re
from collections.abc import Iterable, Sequence

from cypher import library, vectors
from cypher.library import Query
from cypher.perspective import PHRASES
from cypher.picture import GROUPS
from schema.catalog import INDEXES
from schema.errors import DeclarationError
from schema.model import MODEL
from schema.nodes import NodeType
from schema.properties import COMMON, EDGE_PROVENANCE, PROVENANCE, Owner, Property
from schema.relationships import RelationshipType

PARTS = {
    "job": "J: jobs",
    "skill": "S: skills",
    "user": "U: students",
    "resource": "R: resources",
    "derived": "Derived by jobs",
    "technical": "Technical",
}
"""Parts of the graph, in the order of the pages, with their titles."""

OWNERS = {
    Owner.ASSERTED: "a source states it, a loader writes it",
    Owner.DERIVED: "a job computes it",
    Owner.BEHAVIOUR: "a user does it",
    Owner.TECHNICAL: "bookkeeping",
}

ROOMS = {
    "ingest": "What loaders read and write beside the rows themselves.",
    "snapshot": "What the jobs read: the graph as of an instant.",
    "writeback": "What the jobs write: a generation, and its activation.",
    "serve": "What the service reads, many codes at a time.",
    "explain": "Chains: why a resource is shown.",
    "feedback": "What users do.",
    "audit": "Questions about the state of the graph.",
    "report": "Counts and lists for people.",
    "bloom": "Search phrases of the Bloom perspective; they give paths to draw.",
}

GENERATED = "This page is generated: change {source}, then run `make docs`."
"""First sentence of a generated page."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; a bar within a cell is escaped."""
    lines = ([cell.replace("|", "\\|") for cell in line] for line in (heads, ["---"] * len(heads), *rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def part_of(label: str) -> str:
    """Return the part of the graph, a key of `PARTS`, to which a label or kind label belongs.

    Raises:
        DeclarationError: a new label that no part lists.
    """
    node = MODEL.node(label)
    if node.owner is Owner.TECHNICAL:
        return "technical"
    if node.owner is Owner.DERIVED:
        return "derived"
    for part, labels in GROUPS.items():
        if node.label in labels:
            return part
    raise DeclarationError(f"label {label} in no part of the graph", "it in cypher.picture.GROUPS")


def unwritten() -> list[str]:
    """Return what is declared for jobs and named in no query that writes: labels, relationship types, properties."""
    derived = [node.label for node in MODEL.nodes if node.owner is Owner.DERIVED]
    derived += [each.type for each in MODEL.relationships if each.owner is Owner.DERIVED]
    derived += [each.name for node in MODEL.nodes for each in node.properties if each.owner is Owner.DERIVED]
    texts = [each.text for each in library.queries() if each.mode == "write"]
    # Embeddings are written by statements that are composed for each label.
    texts += [vectors.write(each.labels[0], digests=True) for each in INDEXES if each.kind == "VECTOR"]
    words = set(re.findall(r"\w+", " ".join(texts)))
    return [name for name in dict.fromkeys(derived) if name not in words]


def model_page() -> str:
    """Return the page of all labels and relationship types."""
    later = unwritten()
    text = [
        "# The graph\n",
        GENERATED.format(source="`schema`"),
        "\nEvery label and relationship type with its properties, units and ranges. A property that every node or "
        "relationship has is marked *required*. The owner says who may write it:\n",
        table(("owner", "meaning"), ((owner.value, meaning) for owner, meaning in OWNERS.items())),
        "## Properties of every node\n",
        _properties(COMMON),
        f"Nodes that are {Owner.ASSERTED.value} have these too:\n",
        _properties(PROVENANCE),
        "Relationships that are asserted or behaviour have these:\n",
        _properties(EDGE_PROVENANCE),
        "Derived facts name the generation that wrote them. The property `generation` of "
        "`(:ActivePointer {code: 'active'})` is the code of the generation to read, for forecasts and what they "
        "propose `forecastGeneration` is; its `POINTS_AT` leads to both, for the eye. Forecasts of earlier generations "
        "are kept, so that they can be held against what came.\n",
        *([f"Declared, and written by no job yet: {', '.join(f'`{name}`' for name in later)}.\n"] if later else []),
    ]
    for part, title in PARTS.items():
        text.append(f"## {title}\n")
        text += [_node(node) for node in MODEL.nodes if part_of(node.label) == part]
        text += [_relationship(each) for each in _relationships(part)]
    return "\n".join(text)


def model_table() -> str:
    """Return the compact table for the README: a row for each part, technical ones left out."""
    rows = []
    for part, title in PARTS.items():
        if part == "technical":
            continue
        labels = [node.label for node in MODEL.nodes if part_of(node.label) == part]
        types = [f"{_labels(each.starts)} `{each.type}` {_labels(each.ends)}" for each in _relationships(part)]
        rows.append((f"**{title}**", " ".join(f"`{label}`" for label in labels), "<br>".join(types)))
    kinds = next(node.kinds for node in MODEL.nodes if node.kinds)
    note = f"A `Resource` carries one kind label more: {', '.join(f'`{kind}`' for kind in kinds)}."
    if later := unwritten():
        note += f" Declared, and written by no job yet: {', '.join(f'`{name}`' for name in later)}."
    return f"{table(('part', 'labels', 'relationships'), rows)}\n{note}\n"


def query_page() -> str:
    """Return the page of all named queries."""
    text = [
        "# Named queries\n",
        GENERATED.format(source="the files in `cypher/query`"),
        "\nEvery query is a file with a checked header. `fullcycle query list` names them, "
        "`fullcycle query show serve/history` prints one, and this runs one that takes an argument:\n",
        "```sh\nfullcycle query run explain/chain -p student=oulad:11391 -p cluster=onet:15-2051.00\n```\n",
        'From Python, `cypher.library.query("serve/history")` gives its text, parameters and columns.\n',
    ]
    for room, meaning in ROOMS.items():
        queries = library.queries(room)
        if queries:
            text.append(f"## {room}\n\n{meaning}\n")
            text += [_query(each) for each in queries]
    return "\n".join(text)


def settings_table(variables: Iterable[tuple[str, str, str]]) -> str:
    """Return the table of environment variables: name, default, meaning."""
    return table(
        ("variable", "default", "meaning"),
        ((f"`{name}`", f"`{default}`" if default else "", meaning) for name, default, meaning in variables),
    )


def phrase_table() -> str:
    """Return the table of the search phrases of the Bloom perspective."""
    return table(("phrase", "shows"), ((f"`{each.text}`", library.query(each.query).sentence) for each in PHRASES))


def _relationships(part: str) -> list[RelationshipType]:
    return [each for each in MODEL.relationships if _part_of_relationship(each) == part]


def _part_of_relationship(each: RelationshipType) -> str:
    owned = {Owner.DERIVED: "derived", Owner.TECHNICAL: "technical"}
    return owned.get(each.owner) or part_of(each.starts[0])


def _labels(labels: Sequence[str]) -> str:
    return "/".join(labels)


def _node(node: NodeType) -> str:
    kinds = f" Exactly one kind label more: {', '.join(f'`{kind}`' for kind in node.kinds)}." if node.kinds else ""
    text = f"### {node.label}\n\n{node.meaning[0].upper()}{node.meaning[1:]} (owner: {node.owner.value}).{kinds}\n"
    return f"{text}\n{_properties(node.properties)}" if node.properties else text


def _relationship(each: RelationshipType) -> str:
    pattern = f"(:{'|'.join(each.starts)})-[:{each.type}]->(:{'|'.join(each.ends)})"
    keys = f" One for each {' and '.join(f'`{key}`' for key in each.keys)} between two nodes." if each.keys else ""
    text = (
        f"### {each.type}\n\n`{pattern}`\n\n{each.meaning[0].upper()}{each.meaning[1:]} (owner: {each.owner.value})."
        f"{keys}\n"
    )
    return f"{text}\n{_properties(each.properties)}" if each.properties else text


def _properties(properties: Iterable[Property]) -> str:
    rows = ((f"`{each.name}`", _kind(each), each.unit, _range(each), each.meaning) for each in properties)
    return table(("property", "kind", "unit", "range", "meaning"), rows)


def _kind(each: Property) -> str:
    owner = f", {each.owner.value}" if each.owner is not None else ""
    return f"{each.kind.value}{', *required*' if each.required else ''}{owner}"


def _range(each: Property) -> str:
    if each.values:
        return ", ".join(f"`{value}`" for value in each.values)
    if each.low is not None and each.high is not None:
        return f"{each.low:g} to {each.high:g}"
    if each.low is not None:
        return f"{each.low:g} or more"
    return "" if each.high is None else f"{each.high:g} or less"


def _query(query: Query) -> str:
    lines = [f"### {query.name}\n", f"{query.sentence} ({query.mode})\n"]
    lines += [f"- takes `{each.name}`: {str(each).partition(': ')[2]}" for each in query.parameters]
    lines += [f"- gives `{each.name}`: {str(each).partition(': ')[2]}" for each in query.columns]
    return "\n".join(lines) + "\n"
