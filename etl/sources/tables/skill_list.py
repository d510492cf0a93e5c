"""An institution's own list of skills: synonyms are merged, a name that would lead to two skills is refused.

A row whose name, code or ESCO concept is that of a skill of the package adds its names to that skill. Any other row is
a skill of the institution. With ``replace`` the list stands in the place of the package's skills, which are closed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from cypher import merge
from cypher.graph import Graph
from etl.load import Builder, Loading
from etl.pipeline import Pass, Transform
from etl.records import Draft, Held, HeldDraft, Outcome, Parcel, digest
from etl.rows import BadRow, Row
from etl.sources.tables import links
from etl.sources.tables.forms import items, weighted
from etl.sources.tables.nodes import NodeDrafts, node_transform
from etl.sources.tables.reading import Cache, Cells, Sheet, draft, held_draft
from etl.sources.tables.references import Found, own, unified
from etl.sources.tables.skills import SKILLS, ours
from etl.sources.tables.table import CellError, covers
from etl.sources.vocabulary import ADDED, SOURCE, skill_draft, skill_properties
from etl.targets import Alone, Change, Known, Nodes, Present, State, Statement, known
from schema.errors import InputError
from schema.ids import code
from schema.vocabulary import VOCABULARY, SkillEntry, normalise

Mode = Literal["extend", "replace"]
_NAME_COLUMNS = ("name", "zh", "aliases_en", "aliases_zh")


@dataclass(frozen=True, slots=True)
class AddedNames(Alone):
    """Skills of the package with the names that an institution adds to them."""

    @property
    def title(self) -> str:
        """Name of the label."""
        return "Skill"

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield digest and state of each skill of the package; a closed one is closed for this purpose too."""
        return Nodes("Skill").states(graph, SOURCE)

    def statements(
        self, changes: Sequence[Change], *, source: str, at: datetime, present: Present | None = None
    ) -> list[Statement]:
        """Return the statement that sets the names of skills."""
        del present
        rows: list[dict[str, Any]] = []
        for change in changes:
            assert isinstance(change.outcome, Parcel)
            properties = {**change.outcome.properties, "contentHash": change.draft.digest}
            rows.append({"code": change.outcome.code, "properties": properties})
        return [(merge.update_nodes("Skill"), {"rows": rows, "at": at, "source": source})]

    def closing(self, keys: Iterable[str], *, source: str, at: datetime) -> list[Statement]:
        """Return the statement that takes the added names away again: the skill itself stays open."""
        rows: list[dict[str, Any]] = []
        for key in keys:
            slug = key.removeprefix(f"{SOURCE}:")
            rows.append(
                {"code": key, "properties": {**skill_properties(slug), "contentHash": skill_draft(slug).digest}}
            )
        return [(merge.update_nodes("Skill"), {"rows": rows, "at": at, "source": source})]


@dataclass(frozen=True, slots=True)
class PackageSkillsOnly(Nodes):
    """Skills of the package, whatever the source of the load: they are closed where a list replaces them."""

    def states(self, graph: Graph, source: str) -> Iterator[State]:
        """Yield digest and state of each skill of the package."""
        return Nodes.states(self, graph, SOURCE)


class SkillList(NodeDrafts):
    """The rows of a list that are skills of the institution; the others are in ``synonyms``.

    Arguments:
        path: the file.
        loading: the graph as it is.
        mode: ``extend`` or ``replace``.
    """

    def __init__(self, path: Path | str, loading: Loading, *, mode: Mode) -> None:
        super().__init__(SKILLS, path, loading)
        self._mode = mode
        self._source = loading.source
        self.synonyms: dict[str, list[tuple[Row, Cells]]] = {}
        self._refused: dict[int, CellError] = {}
        self._merged: set[int] = set()
        if mode == "extend" and not any(key.startswith("fc:") for key in self._references.skill_names().values()):
            raise InputError("a graph without the package's skills", "`fullcycle load vocabulary` first, or replace")
        if mode == "replace":
            self._lookups["capabilities"] = Cache("capabilities", self._units)
        self._claims: dict[str, tuple[str, str]] = {}
        self._read()

    def draft(self, sheet: Sheet, row: Row | BadRow, cells: Cells | Held) -> Draft | HeldDraft | None:
        """Return the draft of a row that is a skill of its own or cannot be used; None for a synonym."""
        if row.line in self._merged:
            return None
        refused = self._refused.get(row.line)
        if refused is not None and not isinstance(cells, Held):
            reason = Held(str(refused), "alias", column=refused.column)
            return held_draft(unified(cells["code"], self._source), sheet.digest(row), reason, row)
        return super().draft(sheet, row, cells)

    def _units(self, text: str) -> list[Found]:
        """Capability units of a list that stands for itself: one that is not known is one of its own."""
        reference = next(column.reference for column in SKILLS.columns if column.name == "capabilities")
        assert reference is not None
        found = []
        for entry in items(text):
            try:
                found.append(self._references.one(reference, entry))
            except InputError:
                name, weight = weighted(entry)
                hub = own("Capability", name, self._source)
                found.append(Found("Capability", hub.code, weight, (hub,)))
        return found

    def _read(self) -> None:
        """Give each row its place, in the order of the file: the first to claim a name has it."""
        sheet = Sheet(self._path, SKILLS)
        rows = [
            (row, cells)
            for row, cells in sheet.rows()
            if isinstance(row, Row) and not isinstance(cells, Held) and "code" in cells and "name" in cells
        ]
        stated = {unified(cells["code"], self._source) for _, cells in rows}
        prefix = f"{self._source}:"
        for name, holder in self._references.skill_names().items():
            if holder.startswith(prefix) and holder not in stated:
                self._claims[name] = (holder, holder)
        seen: set[str] = set()
        for row, cells in rows:
            key = unified(cells["code"], self._source)
            if key in seen:
                continue
            seen.add(key)
            try:
                home = self._home(cells) if self._mode == "extend" else None
                target = code(SOURCE, home.code) if home is not None else key
                self._claim(target, home.name if home is not None else cells["name"], cells)
            except CellError as error:
                self._refused[row.line] = error
                continue
            if home is not None:
                self._merged.add(row.line)
                self.synonyms.setdefault(target, []).append((row, cells))

    def _home(self, cells: Cells) -> SkillEntry | None:
        """The skill of the package that a row means, if any.

        Raises:
            CellError: its names mean two.
        """
        if cells["code"].startswith(f"{SOURCE}:") and (entry := ours(cells["code"])) is not None:
            return entry
        if "esco" in cells and (entry := VOCABULARY.by_esco(cells["esco"].rsplit("/", 1)[-1])) is not None:
            return entry
        by_name = VOCABULARY.find(cells["name"])
        by_zh = VOCABULARY.find(cells["zh"]) if "zh" in cells else None
        if by_name is not None and by_zh is not None and by_name.code != by_zh.code:
            two = f"{code(SOURCE, by_name.code)} ({by_name.name}) and skill {code(SOURCE, by_zh.code)} ({by_zh.name})"
            raise CellError("zh", f"names {cells['name']!r} and {cells['zh']!r} name both skill {two}", "one skill")
        return by_name or by_zh

    def _claim(self, target: str, title: str, cells: Cells) -> None:
        """Give all names of a row to a skill, or none.

        Raises:
            CellError: a name belongs to another skill; both are named.
        """
        claimed = {}
        for column in _NAME_COLUMNS:
            for name in items(cells.get(column, "")) if column.startswith("aliases") else [cells.get(column, "")]:
                if not name:
                    continue
                key = normalise(name)
                owner = self._claims.get(key)
                if owner is None and self._mode == "extend" and (entry := VOCABULARY.find(name)) is not None:
                    owner = (code(SOURCE, entry.code), entry.name)
                if owner is not None and owner[0] != target:
                    given = f"alias {name!r} names both skill {owner[0]} ({owner[1]}) and skill {target} ({title})"
                    raise CellError(column, given, "an alias that names one skill")
                claimed[key] = (target, title)
        self._claims.update(claimed)

    def additions(self, known: dict[str, Known]) -> Iterator[Draft]:
        """Yield a draft for each skill of the package to which the list adds names, in order of code.

        Arguments:
            known: what the graph holds of the package's skills.
        """
        sheet = Sheet(self._path, SKILLS)
        for target in sorted(self.synonyms):
            rows = self.synonyms[target]
            properties = skill_properties(target.removeprefix(f"{SOURCE}:"))
            english: list[str] = []
            chinese: list[str] = []
            for _, cells in rows:
                # The institution's own code is a name too, so that its other tables may refer to the skill by it.
                english += [cells["name"], *items(cells.get("aliases_en", "")), unified(cells["code"], self._source)]
                chinese += [*([cells["zh"]] if "zh" in cells else []), *items(cells.get("aliases_zh", ""))]
            esco = next((cells["esco"] for _, cells in rows if "esco" in cells), None)
            merged = {
                "aliasesEn": _united(properties["aliasesEn"], english, without=str(properties["name"])),
                "aliasesZh": _united(properties["aliasesZh"], chinese, without=""),
            }
            base = known[target].digest.partition(ADDED)[0] if target in known else ""
            value = f"{base}{ADDED}{digest(*(sheet.digest(row) for row, _ in rows), str(esco))}"
            yield draft(target, value, Parcel(target, merged), rows[0][0])


def _united(names: object, more: list[str], *, without: str) -> list[str]:
    """Names and more names, each once, whatever its case and spacing."""
    assert isinstance(names, list)
    known = {normalise(each): each for each in reversed([*names, *more]) if each and each != without}
    known.pop(normalise(without), None)
    return [each for each in dict.fromkeys([*names, *more]) if known.get(normalise(each)) == each]


def builders(path: Path | str, *, full: bool, mode: Mode) -> list[Builder]:
    """Return the passes that load a list of skills."""
    if mode == "replace":
        return [partial(_skills, path, full=full, mode=mode), partial(_broader, path, full=full, mode=mode), _closing]
    names = partial(_names, path, full=full)
    return [names, partial(_skills, path, full=full, mode=mode), partial(_broader, path, full=full, mode=mode)]


def _names(path: Path | str, loading: Loading, *, full: bool) -> Pass:
    listed = SkillList(path, loading, mode="extend")
    target = AddedNames()
    present = known(target, loading.graph, SOURCE)
    return Pass(
        target=target,
        drafts=lambda: listed.additions(present),
        transform=_as_drafted,
        full=full,
        covers=lambda key, held: ADDED in held.digest,
        empty=True,
        title="skills synonyms",
    )


def _skills(path: Path | str, loading: Loading, *, full: bool, mode: Mode) -> Pass:
    listed = SkillList(path, loading, mode=mode)
    return Pass(
        target=SKILLS.target,
        drafts=listed,
        transform=partial(node_transform, SKILLS),
        full=full,
        covers=covers(SKILLS),
        title="skills",
    )


def _broader(path: Path | str, loading: Loading, *, full: bool, mode: Mode) -> Pass:
    listed = SkillList(path, loading, mode=mode)
    return links.build(SKILLS, SKILLS.links[0], path, loading, full=full, nodes=listed)


def _closing(loading: Loading) -> Pass:
    return Pass(
        target=PackageSkillsOnly("Skill"),
        drafts=lambda: (),
        transform=_as_drafted,
        full=True,
        empty=True,
        title="skills of the package",
    )


def _as_drafted() -> Transform:
    def transform(payload: Outcome) -> Outcome:
        return payload

    return transform
