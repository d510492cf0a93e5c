"""One hash for a whole graph, by which two graphs are compared whatever their numbering and order.

A node is its labels and properties; a relationship is its type, the codes of its ends and its properties. The hashes of
all of them are added up (modulo 2^256), so that order does not count, doubles do, and memory stays small: see
Clarke et al., Incremental Multiset Hash Functions (ASIACRYPT 2003), MSet-Add-Hash.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite
from typing import Any

import orjson

from cypher import library
from cypher.graph import Graph

BOOKKEEPING = frozenset({"Load", "LoadBatch", "Migration"})
"""Labels that tell how data came in, not what it is; held rows and candidate terms are data."""

_MODULUS = 1 << 256
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


@dataclass(frozen=True, slots=True)
class Part:
    """All nodes of one set of labels, or all relationships of one type.

    Arguments:
        count: how many there are.
        digest: hash of them, hexadecimal; independent of order.
    """

    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is in a graph.

    Arguments:
        nodes: by labels, in the order of the alphabet and joined by a colon, such as "Course:Resource".
        relationships: by type.
    """

    nodes: Mapping[str, Part]
    relationships: Mapping[str, Part]

    @property
    def digest(self) -> str:
        """One hash over all parts, hexadecimal."""
        parts = [("node", *each) for each in sorted(self.nodes.items())]
        parts += [("relationship", *each) for each in sorted(self.relationships.items())]
        text = "\n".join(f"{kind} {name} {part.count} {part.digest}" for kind, name, part in parts)
        return blake2b(text.encode(), digest_size=32).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the hash and the parts as plain values."""
        kinds = {"nodes": self.nodes, "relationships": self.relationships}
        shown = {
            kind: {name: {"count": part.count, "digest": part.digest} for name, part in sorted(parts.items())}
            for kind, parts in kinds.items()
        }
        return {"digest": self.digest, **shown}


@dataclass(frozen=True, slots=True)
class Item:
    """One node or relationship in canonical form.

    Arguments:
        group: labels of a node joined by a colon, or type of a relationship.
        text: all that counts of it, the same wherever it is the same.
        relationship: True for a relationship.
    """

    group: str
    text: bytes
    relationship: bool


class _Sum:
    """Adds up hashes."""

    def __init__(self) -> None:
        self.count = 0
        self._total = 0

    def add(self, text: bytes) -> None:
        self.count += 1
        self._total += int.from_bytes(blake2b(text, digest_size=32).digest())

    def part(self) -> Part:
        return Part(self.count, f"{self._total % _MODULUS:064x}")


def fingerprint(graph: Graph, *, leave_out: Collection[str] = BOOKKEEPING) -> Fingerprint:
    """Return the fingerprint of a graph.

    Nobody may write meanwhile: the labels are read one after the other.

    Arguments:
        graph: the graph.
        leave_out: labels whose nodes do not count, nor the relationships at them.

    Raises:
        QueryError, UnreachableError: as `Graph.stream`.
    """
    sums: tuple[dict[str, _Sum], dict[str, _Sum]] = {}, {}
    for item in items(graph, leave_out=leave_out):
        sums[item.relationship].setdefault(item.group, _Sum()).add(item.text)
    nodes, relationships = ({group: each.part() for group, each in kind.items()} for kind in sums)
    return Fingerprint(nodes, relationships)


def items(graph: Graph, *, leave_out: Collection[str] = BOOKKEEPING) -> Iterator[Item]:
    """Yield every node and relationship as it counts, in no order; arguments and errors as `fingerprint`.

    Nodes without a label are told by their number alone.
    """
    (record,) = graph.read(library.query("audit/label-names"))
    nodes: int = record["nodes"]
    query = library.query("audit/nodes-of-label")
    for label in record["names"]:
        for found in graph.stream(query, label=label, leaveOut=sorted(leave_out)):
            labels = sorted(found["labels"])
            if labels[0] != label:  # it comes under its first label, once
                continue
            nodes -= 1
            if any(each in leave_out for each in labels):
                continue
            properties = found["properties"]
            yield Item(":".join(labels), _canonical([labels, properties]), False)
            start = properties.get("code", properties)
            for type_, end, held in found["edges"]:
                yield Item(type_, _canonical([type_, start, end, held]), True)
    for _ in range(nodes):
        yield Item("(no label)", b"", False)


def difference(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Name what differs: one sentence for each set of labels and each type; none where the graphs are the same."""
    sentences = []
    for word, old, new in (
        ("nodes", before.nodes, after.nodes),
        ("relationships", before.relationships, after.relationships),
    ):
        for group in sorted({*old, *new}):
            first, second = old.get(group, _NONE), new.get(group, _NONE)
            if first.count != second.count:
                sentences.append(f"{group}: {first.count:,} {word} before, {second.count:,} after")
            elif first.digest != second.digest:
                sentences.append(f"{group}: {first.count:,} {word} before and after, but not the same")
    return sentences


_NONE = Part(0, "")


def _canonical(value: Any) -> bytes:
    text = orjson.dumps(value, default=_named, option=_OPTIONS)
    # JSON writes null for infinity and for what is no number.
    return orjson.dumps(_spelled(value), default=_named, option=_OPTIONS) if b"null" in text else text


def _spelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _spelled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_spelled(each) for each in value]
    return {"float": repr(value)} if isinstance(value, float) and not isfinite(value) else value


def _named(value: Any) -> dict[str, str]:
    """A value that JSON does not know, under the name of its type: no text of the graph looks like that."""
    text = bytes(value).hex() if isinstance(value, bytes | bytearray) else str(value)
    return {type(value).__name__: text}
