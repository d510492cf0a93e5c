"""A plan: the command lines that bring a graph from nothing to answers, written in a small TOML file.

::

    title = "Real data"

    [paths]
    esco = "../data/esco-v1.1.1-en.zip"

    [[step]]
    title = "Load ESCO"
    run = ["load", "esco", "{esco}"]

Paths are relative to the file of the plan; ``{name}`` in a step stands for the path of that name.
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
    except FileNotFoundError:
        raise PlanError("no such file", "a plan in TOML, such as examples/real.toml", where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(str(error), "a plan in TOML", where=str(path)) from None
    unknown = set(content) - {"title", "paths", "step"}
    if unknown:
        raise PlanError(f"keys {', '.join(sorted(unknown))}", "title, paths and step", where=str(path))
    paths = {name: _resolve(text, name, plan=path) for name, text in content.get("paths", {}).items()}
    steps = tuple(_step(each, number, paths, path) for number, each in enumerate(content.get("step", ()), start=1))
    if not steps:
        raise PlanError("no [[step]]", "at least one step", where=str(path))
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
    words = []
    for word in run:
        for _, name, _, _ in Formatter().parse(word):
            if name is not None and name not in paths:
                raise PlanError(f"{{{name}}}", f"one of {', '.join(sorted(paths)) or 'no paths at all'}", where=where)
        words.append(word.format(**paths))
    return PlanStep(str(content.get("title", " ".join(run))), tuple(words), str(content.get("unless", "")))
