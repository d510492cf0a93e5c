"""The Bloom perspective, generated from the declared model and the query files of the room ``bloom``.

The format is that of exports of version 2.21.0: every key that they hold is written. Bloom binds a perspective to a
database when it is imported.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cypher import library
from schema.catalog import CATALOG, Constraint, Index
from schema.model import MODEL
from schema.nodes import NodeType
from schema.properties import Kind, Owner, Property

FILE = Path(__file__).with_name("bloom") / "employment.json"

VERSION = "2.21.0"
PERSPECTIVE_ID = "6f1d2c40-c5a1-11f0-9d0e-0242ac120002"
CREATED_AT = 1_763_769_600_000
"""Epoch milliseconds; fixed, so that the same model gives the same file."""

PALETTE = (
    "#FFE081",
    "#C990C0",
    "#F79767",
    "#57C7E3",
    "#F16667",
    "#D9C8AE",
    "#8DCC93",
    "#ECB5C9",
    "#4C8EDA",
    "#FFC454",
    "#DA7194",
    "#569480",
    "#959AA1",
    "#D9D9D9",
)

DATA_TYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "bigint",
    Kind.FLOAT: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "Date",
    Kind.DATETIME: "DateTime",
    Kind.STRINGS: "array",
    Kind.FLOATS: "array",
    Kind.BYTES: "array",
}

UNREADABLE = ("contentHash", "signature", "embedding", "embeddingDigest", "createdAt", "updatedAt", "config")
"""Properties that tell a person nothing; Bloom leaves them out."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A search phrase: what a person types, and the query that answers it.

    Arguments:
        query: name of a query file; its sentence is the description.
        text: what is typed; ``$name`` stands for a parameter.
        suggestions: (parameter, label, property) whose values are offered while typing.
    """

    query: str
    text: str
    suggestions: tuple[tuple[str, str, str], ...]


PHRASES = (
    Phrase(
        "bloom/chain",
        "Chain of student $student toward $goal",
        (("student", "Student", "code"), ("goal", "JobCluster", "name")),
    ),
    Phrase("bloom/gap", "Gaps of student $student", (("student", "Student", "code"),)),
    Phrase("bloom/demands", "What $cluster demands", (("cluster", "JobCluster", "name"),)),
    Phrase("bloom/forecast", "Forecast of $cluster", (("cluster", "JobCluster", "name"),)),
    Phrase("bloom/focus", "Job clusters in focus", ()),
    Phrase("bloom/skill", "Around the skill $skill", (("skill", "Skill", "name"),)),
    Phrase("bloom/class", "Class $class and its gaps", (("class", "ClassGroup", "name"),)),
)


def perspective() -> dict[str, Any]:
    """Return the perspective as JSON values."""
    categories = [_category(number, label) for number, label in enumerate(_shown(), start=1)]
    return {
        "name": "University employment",
        "id": PERSPECTIVE_ID,
        "categories": categories,
        "labels": {label: _label_entries(label) for label in MODEL.labels()},
        "relationshipTypes": [_relationship_type(each.type) for each in MODEL.relationships],
        "palette": {"colors": list(PALETTE), "currentIndex": len(categories)},
        "createdAt": CREATED_AT,
        "lastEditedAt": CREATED_AT,
        "templates": [_template(number, each) for number, each in enumerate(PHRASES)],
        "sceneActions": [],
        "hiddenRelationshipTypes": [each.type for each in MODEL.relationships if each.owner is Owner.TECHNICAL],
        "hideUncategorisedData": True,
        "type": "STANDARD_PERSPECTIVE",
        "maxLimitToastMsgEnabled": False,
        "parentPerspectiveId": None,
        "metadata": {"pathSegments": _segments(), "indexes": _indexes()},
        "version": VERSION,
    }


def text() -> str:
    """Return the perspective as the file holds it."""
    return json.dumps(perspective(), ensure_ascii=False, indent=1) + "\n"


def write() -> Path:
    """Write the file that ships with the package and return its path."""
    FILE.write_text(text(), encoding="utf-8")
    return FILE


def _shown() -> Iterable[str]:
    """Labels that get a category, a kind before the label that it refines: the first that fits gives the look."""
    for node in MODEL.nodes:
        if not node.technical:
            yield from node.kinds
            yield node.label


def _properties(node: NodeType) -> tuple[Property, ...]:
    return node.every_property


def _caption(key: str, kind: str, *, shown: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"inTooltip": True, "styles": [], "isCaption": shown, "key": key, "type": kind}
    if kind == "property":
        entry["isGdsData"] = False
    return entry


def _category(number: int, label: str) -> dict[str, Any]:
    properties = _properties(MODEL.node(label))
    return {
        "id": number,
        "name": label,
        "labels": [label],
        "properties": [
            {"name": each.name, "exclude": each.name in UNREADABLE, "dataType": DATA_TYPES[each.kind]}
            for each in properties
        ],
        "createdAt": CREATED_AT,
        "lastEditedAt": CREATED_AT,
        "color": PALETTE[(number - 1) % len(PALETTE)],
        "size": 2 if label in ("Student", "JobCluster", "Gap") else 1,
        "icon": "no-icon",
        "textSize": 1,
        "textAlign": "top",
        "captions": [
            _caption(label, "label", shown=False),
            *(_caption(each.name, "property", shown=each.name == "name") for each in properties),
        ],
        "captionKeys": [],
        "styleRules": [],
    }


def _relationship_type(type_: str) -> dict[str, Any]:
    properties = MODEL.relationship(type_).every_property
    return {
        "id": type_,
        "name": type_,
        "properties": [
            {"propertyKey": each.name, "type": type_, "dataType": DATA_TYPES[each.kind]} for each in properties
        ],
        "color": "#959AA1",
        "size": 1,
        "textSize": 1,
        "textAlign": "top",
        "captions": [
            _caption(type_, "relationship", shown=True),
            *(_caption(each.name, "property", shown=False) for each in properties),
        ],
        "captionKeys": [],
        "styleRules": [],
    }


def _label_entries(label: str) -> list[dict[str, str]]:
    return [
        {"propertyKey": each.name, "type": label, "dataType": DATA_TYPES[each.kind]}
        for each in _properties(MODEL.node(label))
    ]


def _template(number: int, phrase: Phrase) -> dict[str, Any]:
    # Bloom takes the identifier from the instant, so each phrase gets a millisecond of its own.
    created = CREATED_AT + number
    query = library.query(phrase.query)
    return {
        "name": query.sentence,
        "id": f"tmpl:{created}",
        "createdAt": created,
        "text": phrase.text,
        "cypher": query.text.strip(),
        "isUpdateQuery": None,
        "isWriteTransactionChecked": None,
        "params": [
            {
                "name": f"${name}",
                "dataType": "String",
                "collapsed": False,
                "suggestionLabel": label,
                "suggestionProp": key,
                "suggestionBoolean": False,
                "cypher": None,
            }
            for name, label, key in phrase.suggestions
        ],
        "hasCypherErrors": False,
    }


def _segments() -> list[dict[str, str]]:
    return [
        {"source": start, "relationshipType": each.type, "target": end}
        for each in MODEL.relationships
        if each.owner is not Owner.TECHNICAL
        for start in each.starts
        for end in each.ends
    ]


def _indexes() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for each in CATALOG:
        if isinstance(each, Index) and each.kind == "FULLTEXT":
            entries.append(
                {
                    "type": "full-text",
                    "state": "ONLINE",
                    "entityType": "NODE",
                    "tokenNames": list(each.labels),
                    "name": each.name,
                    "propertyNames": list(each.properties),
                    "provider": {"key": "fulltext", "version": "1.0"},
                }
            )
        elif isinstance(each, Constraint) or (each.kind == "RANGE" and not each.on_relationships):
            label = each.label if isinstance(each, Constraint) else each.labels[0]
            keys = [{"key": name, "metadataProp": False} for name in each.properties]
            entries.append({"label": label, "type": "native", "propertyKeys": keys})
    entries.append({"label": None, "type": "native", "propertyKeys": []})
    return entries
