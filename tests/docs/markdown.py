"""Reads the pages of the documentation: fenced blocks, command lines, links, headings."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.write import DOCS, ROOT

FENCE = re.compile(r"^(`{3,})(\w*)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(fullcycle [^`]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
ENDS = {"|", ">", ">>", "&&", "||", ";", "&"}


def pages() -> list[Path]:
    """README and all pages under docs."""
    return [ROOT / "README.md", *sorted(DOCS.glob("**/*.md"))]


def name(page: Path) -> str:
    """How a page is called in messages and test names."""
    return page.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, language and text."""

    page: Path
    language: str
    text: str


def blocks(page: Path, *languages: str) -> list[Block]:
    """The fenced blocks of a page in some languages; of a page that does not exist, none."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = [Block(page, language, body) for _, language, body in FENCE.findall(text)]
    return [each for each in found if each.language in languages]


@dataclass(frozen=True)
class Line:
    """A command line behind ``fullcycle``.

    Arguments:
        text: as it is written.
        words: its arguments.
        whole: it stands in a block, so that it must run as it is; in a sentence a command may stand for itself.
    """

    text: str
    words: tuple[str, ...]
    whole: bool


def command_lines(page: Path) -> Iterator[Line]:
    """Every command line of a page."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    for block in FENCE.finditer(text):
        for line in block[3].replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|\||[;|]", line):
                words = part.strip().removeprefix("$ ")
                # Variables may stand before a command, a path of the virtual environment too.
                found = re.match(r"(?:\w+=\S* )*(?:\.venv/bin/)?fullcycle(?= |$)", words)
                if found:
                    yield Line(words, _words(words[found.end() :]), True)
    for line in INLINE.findall(FENCE.sub("", text)):
        yield Line(line, _words(line.removeprefix("fullcycle")), False)


def _words(text: str) -> tuple[str, ...]:
    words = []
    for word in shlex.split(text, comments=True):
        if word in ENDS:
            break
        words.append(word)
    return tuple(words)


def links(page: Path) -> list[str]:
    """Where the links of a page lead, without those to other sites."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not re.match(r"\w+:", link)]


def anchors(page: Path) -> set[str]:
    """What can be linked to on a page, in the way that hosts of Markdown name headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}
