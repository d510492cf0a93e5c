"""What a transform hands to the loader: parcels, strands, hubs and held rows. No I/O happens here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship that starts at the node that carries it.

    Arguments:
        type: declared relationship type.
        end_label: label (or kind label) of the node it ends at.
        end: code of that node, which must exist in the graph or be a hub of the same record.
        properties: declared properties.
    """

    type: str
    end_label: str
    end: str
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hub:
    """A node that many records share, created where missing and left alone where it exists.

    Arguments:
        label: declared label.
        code: unified code.
        properties: declared properties, the name among them.
        edges: relationships of the hub itself, made once, when the hub is first met.
    """

    label: str
    code: str
    properties: Properties = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One node with all its relationships of one source: replaced as a whole when its row changes.

    Arguments:
        code: unified code.
        properties: declared properties without code, source, instants and digest.
        edges: relationships that start at it.
        hubs: shared nodes that the edges need.
        kind: kind label, where the label has kinds.
        notes: what was left out or could not be settled; the report counts them.
    """

    code: str
    properties: Properties
    edges: tuple[Edge, ...] = ()
    hubs: tuple[Hub, ...] = ()
    kind: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strand:
    """One relationship that has a row of its own.

    Arguments:
        start: code of the start node.
        end: code of the end node.
        properties: declared properties, the keys among them.
        hubs: shared nodes that it needs.
        end_label: label of the end node, where the target has relationships to several.
    """

    start: str
    end: str
    properties: Properties = field(default_factory=dict)
    hubs: tuple[Hub, ...] = ()
    end_label: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that is not loaded, with the reason.

    Arguments:
        reason: a sentence: what was given, what was expected.
        rule: short name of the reason, by which reports count.
        stage: ``quarantine`` (cannot be read) or ``screening`` (read, but not credible).
        column: column at fault, or empty.
        duplicate_of: code of the record that it repeats, or None.
    """

    reason: str
    rule: str
    stage: str = "quarantine"
    column: str = ""
    duplicate_of: str | None = None


Outcome = Parcel | Strand | Held


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it is transformed: enough to tell whether it changed.

    Arguments:
        key: for a node its unified code; for a relationship `edge_key` of its ends and keys.
        digest: `digest` of all that the outcome depends on.
        payload: what the transform gets.
        file: file as the user named it.
        line: line in that file, from 1; 0 where there are no lines.
        row: the row as text, kept with a held row.
    """

    key: str
    digest: str
    payload: Any
    file: str = ""
    line: int = 0
    row: str = ""


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A row that is held back before it has a payload.

    Arguments:
        key: stable name of the row: its code where it has one, else file and line.
        held: the reason.
        digest: digest of the row.
        file, line, row: as for `Draft`.
        anonymous: True where the row does not tell which record it is, so that none may be taken for gone.
    """

    key: str
    held: Held
    digest: str = ""
    file: str = ""
    line: int = 0
    row: str = ""
    anonymous: bool = False


def digest(*parts: bytes | str) -> str:
    """Return a short digest: equal parts, equal digest; 96 bits, so that a clash is not to be expected."""
    state = blake2b(digest_size=12)
    for part in parts:
        state.update(part if isinstance(part, bytes) else part.encode())
        state.update(b"\x1f")
    return state.hexdigest()


def edge_key(start: str, end: str, *keys: object) -> str:
    """Return the identity of a relationship within its type and source."""
    return "\x1f".join((start, end, *(str(key) for key in keys)))
