"""The declared model: every label and relationship type, checked when this module is imported."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schema.derived import DERIVED_NODES, DERIVED_RELATIONSHIPS
from schema.errors import DeclarationError
from schema.nodes import NODES, NodeType
from schema.properties import Kind, Property
from schema.relationships import RELATIONSHIPS, RelationshipType

_NUMBERS = (Kind.INTEGER, Kind.FLOAT)


@dataclass(frozen=True)
class Model:
    """A registry of node and relationship types that cannot contradict itself.

    Arguments:
        nodes: node types; labels and kind labels are unique.
        relationships: relationship types; they name declared labels only.

    Raises:
        DeclarationError: a name is declared twice or is of the wrong form, a relationship ends at an undeclared
            label, a key is no property, or a range is empty or stands on something that is no number.
    """

    nodes: tuple[NodeType, ...]
    relationships: tuple[RelationshipType, ...]
    _labels: dict[str, NodeType] = field(init=False, repr=False, compare=False)
    _types: dict[str, RelationshipType] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        labels: dict[str, NodeType] = {}
        for node in self.nodes:
            for label in (node.label, *node.kinds):
                if label in labels:
                    raise DeclarationError(f"label {label} is declared twice", "one declaration", where="schema/nodes")
                if not label[:1].isupper() or not label.isalnum():
                    raise DeclarationError(f"label {label!r}", "UpperCamelCase", where="schema/nodes")
                labels[label] = node
            _check_properties(node.every_property, where=f"label {node.label}")
        types: dict[str, RelationshipType] = {}
        for relationship in self.relationships:
            where = f"relationship {relationship.type}"
            if relationship.type in types:
                raise DeclarationError(f"{relationship.type} is declared twice", "one declaration", where=where)
            if not relationship.type.replace("_", "").isalpha() or not relationship.type.isupper():
                raise DeclarationError(f"type {relationship.type!r}", "UPPER_SNAKE_CASE", where=where)
            for label in (*relationship.starts, *relationship.ends):
                if label not in labels:
                    raise DeclarationError(f"end {label}", f"one of {', '.join(sorted(labels))}", where=where)
            _check_properties(relationship.every_property, where=where)
            names = {each.name for each in relationship.every_property}
            for key in relationship.keys:
                if key not in names:
                    raise DeclarationError(f"key {key}", f"one of {', '.join(sorted(names))}", where=where)
            types[relationship.type] = relationship
        object.__setattr__(self, "_labels", labels)
        object.__setattr__(self, "_types", types)

    def node(self, label: str) -> NodeType:
        """Return the node type of a label or kind label, or raise DeclarationError."""
        try:
            return self._labels[label]
        except KeyError:
            raise DeclarationError(f"label {label}", f"one of {', '.join(sorted(self._labels))}") from None

    def relationship(self, type_: str) -> RelationshipType:
        """Return the relationship type of a name, or raise DeclarationError."""
        try:
            return self._types[type_]
        except KeyError:
            raise DeclarationError(f"relationship {type_}", f"one of {', '.join(sorted(self._types))}") from None

    def labels(self) -> tuple[str, ...]:
        """Return all labels, kind labels behind the label that they refine."""
        return tuple(self._labels)


def _check_properties(properties: Iterable[Property], *, where: str) -> None:
    seen: set[str] = set()
    for each in properties:
        if each.name in seen:
            raise DeclarationError(f"property {each.name} twice", "each once", where=where)
        if not each.name[:1].islower() or not each.name.isalnum():
            raise DeclarationError(f"property {each.name!r}", "lowerCamelCase", where=where)
        if (each.low is not None or each.high is not None or each.unit) and each.kind not in _NUMBERS:
            raise DeclarationError(f"property {each.name} has a unit or a range", "a number", where=where)
        if each.low is not None and each.high is not None and each.low > each.high:
            raise DeclarationError(f"property {each.name} from {each.low} to {each.high}", "low <= high", where=where)
        if each.values and each.kind is not Kind.STRING:
            raise DeclarationError(f"property {each.name} lists values", "a string", where=where)
        seen.add(each.name)


MODEL = Model(NODES + DERIVED_NODES, RELATIONSHIPS + DERIVED_RELATIONSHIPS)
