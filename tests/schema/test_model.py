"""The declared model: what is broken fails, what is derived follows."""

import pytest

from cypher import merge
from schema.catalog import CATALOG, CONSTRAINTS
from schema.errors import DeclarationError
from schema.model import MODEL, Model
from schema.nodes import NodeType
from schema.properties import Kind, Property
from schema.relationships import RelationshipType

THING = NodeType("Thing", "a thing")


@pytest.mark.parametrize(
    ("nodes", "relationships", "word"),
    [
        ((THING, THING), (), "twice"),
        ((NodeType("thing", "lower case"),), (), "UpperCamelCase"),
        ((NodeType("Thing", "kind twice", kinds=("Thing",)),), (), "twice"),
        ((THING,), (RelationshipType("HAS", "to nowhere", ("Thing",), ("Nowhere",)),), "Nowhere"),
        ((THING,), (RelationshipType("HAS", "key", ("Thing",), ("Thing",), keys=("term",)),), "term"),
        ((THING,), (RelationshipType("has", "lower case", ("Thing",), ("Thing",)),), "UPPER_SNAKE_CASE"),
        ((NodeType("Thing", "range", (Property("a", Kind.STRING, "text", low=0),)),), (), "number"),
        ((NodeType("Thing", "range", (Property("a", Kind.FLOAT, "empty", low=2, high=1),)),), (), "low <= high"),
        ((NodeType("Thing", "twice", (Property("code", Kind.STRING, "again"),)),), (), "twice"),
        ((NodeType("Thing", "form", (Property("Bad", Kind.STRING, "form"),)),), (), "lowerCamelCase"),
    ],
)
def test_a_broken_declaration_is_refused(
    nodes: tuple[NodeType, ...], relationships: tuple[RelationshipType, ...], word: str
) -> None:
    """Catches a check that was dropped: each broken declaration names what is wrong."""
    with pytest.raises(DeclarationError, match=word):
        Model(nodes, relationships)


def test_every_label_has_a_unique_code() -> None:
    """Catches a label without a uniqueness constraint on its code."""
    assert {each.label for each in CONSTRAINTS if each.properties == ("code",)} == set(MODEL.labels())


def test_catalog_names_are_unique() -> None:
    """Catches two indexes of one name, of which the server would create only the first."""
    names = [each.name for each in CATALOG]
    assert len(names) == len(set(names))


def test_sources_cannot_set_derived_properties() -> None:
    """Catches a load that would wipe the embedding that a job wrote."""
    assert "embedding" not in merge.asserted_properties("Job")
    assert {"name", "source", "contentHash", "releasedOn"} <= set(merge.asserted_properties("Job"))


def test_merge_refuses_undeclared_names() -> None:
    """Catches a statement with a label or type that the model does not know."""
    with pytest.raises(DeclarationError):
        merge.create_nodes("Nobody")
    with pytest.raises(DeclarationError):
        merge.create_edges("REQUIRES", "Student", "Skill")
    with pytest.raises(DeclarationError):
        merge.create_nodes("Resource", "Student2")


def test_keys_stand_in_the_merge_pattern() -> None:
    """Catches a second term of the same course that would overwrite the first."""
    assert "MERGE (start)-[edge:TOOK {term: row.properties.term}]->(end)" in merge.merge_edges(
        "TOOK", "Student", "Course"
    )
