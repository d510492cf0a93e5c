"""Properties of nodes and relationships: kind, unit, range, owner."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The form in which Neo4j stores a property."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    STRINGS = "list of string"
    FLOATS = "list of float"
    BYTES = "bytes"


class Owner(StrEnum):
    """Who may set a fact. No query sets another owner's property."""

    ASSERTED = "asserted"
    DERIVED = "derived"
    BEHAVIOUR = "behaviour"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or a relationship.

    Arguments:
        name: camelCase name in the graph.
        kind: stored form.
        meaning: one sentence.
        unit: unit of a number, empty where it has none.
        low: least value of a number, or None.
        high: greatest value of a number, or None.
        required: True where every node or relationship has it.
        values: the only values allowed, empty where any is.
        owner: who sets it, or None for the owner of the type that it stands on.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    owner: Owner | None = None


def text(name: str, meaning: str, *, required: bool = False, values: tuple[str, ...] = ()) -> Property:
    """Return a string property."""
    return Property(name, Kind.STRING, meaning, required=required, values=values)


def texts(name: str, meaning: str) -> Property:
    """Return a property that is a list of strings."""
    return Property(name, Kind.STRINGS, meaning)


def share(name: str, meaning: str, *, required: bool = False) -> Property:
    """Return a float property between 0 and 1."""
    return Property(name, Kind.FLOAT, meaning, low=0.0, high=1.0, required=required)


def number(name: str, meaning: str, *, unit: str = "", low: float | None = None, high: float | None = None) -> Property:
    """Return a float property with a unit and a range."""
    return Property(name, Kind.FLOAT, meaning, unit=unit, low=low, high=high)


def count(name: str, meaning: str, *, unit: str = "", low: int = 0, high: int | None = None) -> Property:
    """Return an integer property with a unit and a range."""
    return Property(name, Kind.INTEGER, meaning, unit=unit, low=low, high=high)


def day(name: str, meaning: str, *, required: bool = False) -> Property:
    """Return a date property."""
    return Property(name, Kind.DATE, meaning, required=required)


def instant(name: str, meaning: str, *, required: bool = False) -> Property:
    """Return a UTC instant property."""
    return Property(name, Kind.DATETIME, meaning, required=required)


def flag(name: str, meaning: str) -> Property:
    """Return a boolean property."""
    return Property(name, Kind.BOOLEAN, meaning)


def embeddings() -> tuple[Property, Property]:
    """Return the vector property that an encoding job writes, and the one that tells which vectors go together."""
    return (
        Property("embedding", Kind.FLOATS, "vector of the node, 128 values", owner=Owner.DERIVED),
        Property(
            "embeddingGeneration",
            Kind.STRING,
            "code of the generation whose model made the vector; only vectors of the same one may be compared",
            owner=Owner.DERIVED,
        ),
    )


COMMON = (
    text("code", "unified code, unique within the label", required=True),
    text("name", "what a reader sees"),
    text("source", "who stated it", required=True),
    instant("createdAt", "first written", required=True),
    instant("updatedAt", "last changed", required=True),
)
"""Properties of every node."""

PROVENANCE = (
    text("contentHash", "digest of the row it came from; equal hash, equal content"),
    instant("closedAt", "when a full export no longer held it"),
)
"""Further properties of every asserted node."""

EDGE_PROVENANCE = (
    text("source", "who stated it"),
    text("contentHash", "digest of the row it came from, where the relationship has a row of its own"),
    instant("closedAt", "when a full export no longer held it"),
)
"""Properties of every asserted relationship."""
