"""Digests of data, settings and code, by which a result that was kept is known to be still true."""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

OWN = ("gnn", "schema")
"""Packages whose code counts; a new version of a foreign one is not noticed."""


def digest(*things: object) -> str:
    """Return a SHA-256 that differs where data or settings differ, as hexadecimal digits.

    Arguments:
        things: numbers, texts, dates, arrays, and whatever is made of them: tuples, mappings, data classes, objects
            with attributes. Functions do not count: they tell progress.
    """
    found = hashlib.sha256()
    for part in _parts(things):
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()


def _parts(thing: object) -> Iterator[bytes]:
    if isinstance(thing, np.ndarray):
        yield f"array {thing.dtype} {thing.shape}".encode()
        yield np.ascontiguousarray(thing).tobytes()
    elif thing is None or isinstance(thing, bool | int | float | str | date | np.generic | range):
        yield f"{type(thing).__name__} {thing!r}".encode()
    elif isinstance(thing, Mapping):
        yield f"mapping {len(thing)}".encode()
        for name in sorted(thing, key=str):
            yield str(name).encode()
            yield from _parts(thing[name])
    elif isinstance(thing, tuple | list):
        yield f"sequence {len(thing)}".encode()
        for each in thing:
            yield from _parts(each)
    elif is_dataclass(thing) or (hasattr(thing, "__dict__") and not callable(thing)):
        yield type(thing).__qualname__.encode()
        names = [each.name for each in fields(thing)] if is_dataclass(thing) else sorted(vars(thing))
        for name in names:
            yield name.encode()
            yield from _parts(getattr(thing, name))
    elif not callable(thing):
        # Settings of other packages, such as a device.
        yield repr(thing).encode()


@cache
def code(module: str) -> str:
    """Return a SHA-256 of a module and of all modules of ours that it imports, comments and docstrings left out."""
    found = hashlib.sha256()
    for name, tree in sorted(_modules(module).items()):
        found.update(f"{name}\n{ast.dump(tree)}\n".encode())
    return found.hexdigest()


def _modules(first: str) -> dict[str, ast.Module]:
    found: dict[str, ast.Module] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in found or (path := _file(name)) is None:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        waiting += _imported(tree)
        found[name] = _plain(tree)
    return found


def _file(module: str) -> Path | None:
    """Return the file of a module of ours; None where the name is none, such as that of a function."""
    if module.partition(".")[0] not in OWN:
        return None
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _plain(tree: ast.Module) -> ast.Module:
    """Return a tree without docstrings."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                each for each in body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
    return tree
