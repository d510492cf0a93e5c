"""The Bloom perspective, held to the key sets of real exports and to the live database."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cypher import library, perspective
from cypher.graph import Graph
from cypher.server import Connection
from schema.model import MODEL
from schema.properties import Owner

KEYS = json.loads(Path(__file__).with_name("bloom_keysets.json").read_text(encoding="utf-8"))
FILE: dict[str, Any] = perspective.perspective()


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of the perspective with the name of its key set."""
    yield "top", FILE
    for category in FILE["categories"]:
        yield "category", category
        yield from (("category.property", each) for each in category["properties"])
        yield from (
            ("category.caption(label)" if each["type"] == "label" else "category.caption(property)", each)
            for each in category["captions"]
        )
    for kind in FILE["relationshipTypes"]:
        yield "relationshipType", kind
        yield from (("relationshipType.property", each) for each in kind["properties"])
        yield from (
            ("relationshipType.caption" if each["type"] == "relationship" else "category.caption(property)", each)
            for each in kind["captions"]
        )
    for entries in FILE["labels"].values():
        yield from (("label entry", each) for each in entries)
    for template in FILE["templates"]:
        yield "template", template
        yield from (("template.param", each) for each in template["params"])
    yield "palette", FILE["palette"]
    yield "metadata", FILE["metadata"]
    yield from (("pathSegment", each) for each in FILE["metadata"]["pathSegments"])
    yield from (("index(native)", each) for each in FILE["metadata"]["indexes"] if each["type"] == "native")


def test_every_object_has_exactly_the_keys_of_real_exports() -> None:
    """Catches a key that Bloom expects and we forgot, or one that it does not know."""
    for name, given in objects():
        assert set(given) == set(KEYS[name]["always"]), name


def test_the_shipped_file_is_the_generated_one() -> None:
    """Catches a model that changed while the file did not: run `make docs`."""
    assert perspective.FILE.read_text(encoding="utf-8") == perspective.text()


def test_ids_colours_and_sizes_are_of_the_allowed_forms() -> None:
    """Catches a category that Bloom would drop."""
    ids = [category["id"] for category in FILE["categories"]]
    assert len(set(ids)) == len(ids) and min(ids) >= 1
    for thing in FILE["categories"] + FILE["relationshipTypes"]:
        assert re.fullmatch(r"#[0-9A-F]{6}", thing["color"])
        assert thing["size"] in (0.25, 0.5, 1, 2, 4)


def test_every_label_has_a_category_and_technical_ones_are_hidden() -> None:
    """Catches a label that advisors cannot find, and bookkeeping that they would."""
    categories = {category["name"] for category in FILE["categories"]}
    for node in MODEL.nodes:
        for label in (node.label, *node.kinds):
            assert (label in categories) is not node.technical
    technical = {each.type for each in MODEL.relationships if each.owner is Owner.TECHNICAL}
    assert set(FILE["hiddenRelationshipTypes"]) == technical != set()


def test_params_stand_in_the_text_and_in_the_query() -> None:
    """Catches a phrase whose parameter Bloom would never fill."""
    for template in FILE["templates"]:
        named = {param["name"] for param in template["params"]}
        assert named == set(re.findall(r"\$\w+", template["text"]))
        assert named == set(re.findall(r"\$\w+", template["cypher"]))


@pytest.mark.parametrize("phrase", perspective.PHRASES, ids=lambda phrase: phrase.query)
def test_every_phrase_returns_graph_objects(phrase: perspective.Phrase, drawn_chain: Connection) -> None:
    """Catches a phrase that fails or shows nothing on a graph that holds what it asks for."""
    values = {"student": "t:s1", "goal": "Data analyst", "cluster": "Data analyst", "skill": "SQL", "class": "Class 1"}
    query = library.query(phrase.query)
    with Graph(drawn_chain) as graph:
        records = graph.read(query, **{field.name: values[field.name] for field in query.parameters})
    assert records
    assert all(hasattr(value, "nodes") for record in records for value in record.values() if value is not None)
