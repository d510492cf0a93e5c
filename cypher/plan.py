"""A plan: the command lines that bring a graph from nothing to answers, written in a small TOML file.

::

    title = "Real data"

    [paths]
    esco = "../data/esco-v1.1.1-en.zip"

    [[step]]
    title = "Load ESCO"
    run = ["load", "esco", "{esco}"]

Paths are relative to the file of the plan; ``{name}`` in a step stands for the path of that name. A step with
``unless = "audit/has-generation"`` is skipped where that query answers true.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from schema.errors import PlanError


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One command line.

    Arguments:
        title: what it is for, shown while it runs.
        run: words behind ``fullcycle``.
        unless: name of a query of one boolean column; the step is skipped where it answers true.
    """

    title: str
    run: tuple[str, ...]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order, under a title."""

    title: str
    steps: tuple[PlanStep, ...]


def read(path: Path) -> Plan:
    """Return the plan of a file.

    Raises:
        PlanError: the file is missing, is no TOML, has an unknown key, or a step names a path that is not listed or
            does not exist.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        expected = "a plan in TOML, such as examples/real.toml"
        raise PlanError(str(error.strerror or error), expected, where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(str(error), "a plan in TOML", where=str(path)) from None
    unknown = set(content) - {"title", "paths", "step"}
    if unknown:
        raise PlanError(f"keys {', '.join(sorted(unknown))}", "title, paths and step", where=str(path))
    given, listed = content.get("paths", {}), content.get("step", [])
    if not isinstance(given, dict):
        raise PlanError(f"paths = {given!r}", "a table [paths]", where=str(path))
    if not isinstance(listed, list) or not listed:
        raise PlanError("no [[step]]", "at least one step", where=str(path))
    paths = {name: _resolve(text, name, plan=path) for name, text in given.items()}
    steps = tuple(_step(each, number, paths, path) for number, each in enumerate(listed, start=1))
    return Plan(str(content.get("title", path.stem)), steps)


def _resolve(text: object, name: str, *, plan: Path) -> str:
    if not isinstance(text, str):
        raise PlanError(f"{text!r}", "a path in quotes", where=f"{plan}: paths.{name}")
    found = Path(text).expanduser()
    found = found if found.is_absolute() else plan.parent / found
    if not found.exists():
        raise PlanError(f"{found} is not there", "the path of your own copy", where=f"{plan}: paths.{name}")
    return str(found)


def _step(content: object, number: int, paths: dict[str, str], plan: Path) -> PlanStep:
    where = f"{plan}: step {number}"
    if not isinstance(content, dict) or not set(content) <= {"title", "run", "unless"}:
        raise PlanError("an unknown key", "title, run and unless", where=where)
    run = content.get("run")
    if not isinstance(run, list) or not run or not all(isinstance(word, str) for word in run):
        raise PlanError(f"run = {run!r}", "a list of words", where=where)
    words = tuple(_filled(word, paths, where=where) for word in run)
    return PlanStep(str(content.get("title", " ".join(run))), words, str(content.get("unless", "")))


def _filled(word: str, paths: dict[str, str], *, where: str) -> str:
    """Return a word with each ``{name}`` replaced by the path of that name; ``{{`` and ``}}`` are plain braces."""
    parts: list[str] = []
    try:
        for text, name, form, conversion in Formatter().parse(word):
            parts.append(text)
            if name is not None:
                if name not in paths or form or conversion:
                    expected = f"one of {', '.join(sorted(paths)) or 'no paths at all'}"
                    raise PlanError(f"{{{name}}}", f"{expected}; {{{{ for a brace itself", where=where)
                parts.append(paths[name])
    except ValueError as error:
        raise PlanError(f"{word!r}: {error}", "{name} of a path, or {{ for a brace itself", where=where) from None
    return "".join(parts)
