"""Constraints and indexes as data, derived from the model. `cypher.migrate` holds the live catalog against them."""

import re
from dataclasses import dataclass

from schema.model import MODEL, Model
from schema.properties import Kind

VECTOR_DIMENSIONS = 128
"""Length of every embedding."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A uniqueness constraint: no two nodes of ``label`` share ``properties``."""

    name: str
    label: str
    properties: tuple[str, ...]

    @property
    def create(self) -> str:
        """The statement that creates it."""
        columns = ", ".join(f"node.{each}" for each in self.properties)
        return f"CREATE CONSTRAINT {self.name} IF NOT EXISTS FOR (node:{self.label}) REQUIRE ({columns}) IS UNIQUE"


@dataclass(frozen=True, slots=True)
class Index:
    """An index.

    Arguments:
        name: name in the catalog.
        kind: RANGE, FULLTEXT or VECTOR.
        labels: labels or relationship types that it covers.
        properties: properties that it covers.
        on_relationships: True where it covers relationship types.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    properties: tuple[str, ...]
    on_relationships: bool = False

    @property
    def create(self) -> str:
        """The statement that creates it."""
        thing = "entity"
        labels = "|".join(self.labels)
        pattern = f"()-[{thing}:{labels}]-()" if self.on_relationships else f"({thing}:{labels})"
        columns = ", ".join(f"{thing}.{each}" for each in self.properties)
        if self.kind == "FULLTEXT":
            # The CJK analyzer indexes Chinese as bigrams and lower-cases the rest.
            return (
                f"CREATE FULLTEXT INDEX {self.name} IF NOT EXISTS FOR {pattern} ON EACH [{columns}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
            )
        if self.kind == "VECTOR":
            # The default quantization is BINARY, which halves recall.
            return (
                f"CREATE VECTOR INDEX {self.name} IF NOT EXISTS FOR {pattern} ON ({columns}) OPTIONS {{indexConfig: "
                f"{{`vector.dimensions`: {VECTOR_DIMENSIONS}, `vector.similarity_function`: 'cosine', "
                "`vector.quantization.type`: 'SCALAR'}}"
            )
        return f"CREATE INDEX {self.name} IF NOT EXISTS FOR {pattern} ON ({columns})"


def _constraints(model: Model) -> tuple[Constraint, ...]:
    return tuple(Constraint(f"{_snake(label)}_code", label, ("code",)) for label in model.labels())


def _vector_indexes(model: Model) -> tuple[Index, ...]:
    return tuple(
        Index(f"{_snake(node.label)}_embedding", "VECTOR", (node.label,), (each.name,))
        for node in model.nodes
        for each in node.properties
        if each.kind is Kind.FLOATS and each.name == "embedding"
    )


def _fulltext(label: str, *extra: str) -> Index:
    aliases = tuple(each.name for each in MODEL.node(label).properties if each.name.startswith("aliases"))
    return Index(f"{_snake(label)}_search", "FULLTEXT", (label,), ("name", *aliases, *extra))


CONSTRAINTS = _constraints(MODEL)
INDEXES = (
    _fulltext("Job"),
    _fulltext("JobCluster"),
    _fulltext("Skill"),
    _fulltext("Capability"),
    _fulltext("Employer"),
    _fulltext("Resource"),
    *_vector_indexes(MODEL),
    Index("job_released_on", "RANGE", ("Job",), ("releasedOn",)),
    Index("job_source", "RANGE", ("Job",), ("source",)),
    Index("student_source", "RANGE", ("Student",), ("source",)),
    Index("gap_generation", "RANGE", ("Gap",), ("generation",)),
    Index("forecast_generation", "RANGE", ("Forecast",), ("generation",)),
    Index("held_row_source", "RANGE", ("HeldRow",), ("source",)),
    Index("job_cluster_name", "RANGE", ("JobCluster",), ("name",)),
    Index("skill_name", "RANGE", ("Skill",), ("name",)),
    Index("class_group_name", "RANGE", ("ClassGroup",), ("name",)),
    Index("interacted_key", "RANGE", ("INTERACTED",), ("key",), on_relationships=True),
)

CATALOG: tuple[Constraint | Index, ...] = (*CONSTRAINTS, *INDEXES)
"""All that the live catalog must hold, and nothing else."""
