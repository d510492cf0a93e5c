"""The names that a reader looks for, from our own vocabulary or from ESCO's."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from schema.errors import InputError
from schema.vocabulary import Vocabulary


class Term(NamedTuple):
    """One name of one skill.

    Arguments:
        code: code of the skill that the name leads to.
        alias: the name in its usual spelling; the case counts for short and ambiguous names.
        language: "en" or "zh".
        preferred: whether this is the skill's preferred name in that language.
    """

    code: str
    alias: str
    language: str
    preferred: bool = False


def vocabulary_terms(vocabulary: Vocabulary, prefix: str = "fc:") -> Iterator[Term]:
    """Every name of every skill of a vocabulary; the prefix makes a slug a code of the graph."""
    for slug, skill in vocabulary.skills.items():
        for name in vocabulary.names(slug, "en"):
            yield Term(prefix + slug, name, "en", name == skill.name)
        for name in vocabulary.names(slug, "zh"):
            yield Term(prefix + slug, name, "zh", name == skill.zh)


def esco_terms(path: Path, prefix: str = "esco:") -> Iterator[Term]:
    """Every English label of ESCO's skills, read from the publisher's zip (a member ``skills_*.csv``).

    Arguments:
        path: the zip as downloaded.
        prefix: put before the concept's UUID to make the code.

    Errors: InputError where the file is no such zip.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = next(name for name in archive.namelist() if name.startswith("skills_") and name.endswith(".csv"))
            with archive.open(member) as raw:
                for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline="")):
                    code = prefix + row["conceptUri"].rsplit("/", 1)[-1]
                    yield Term(code, row["preferredLabel"], "en", True)
                    for label in dict.fromkeys(row["altLabels"].split("\n")):
                        if label.strip() and label != row["preferredLabel"]:
                            yield Term(code, label, "en")
    except (zipfile.BadZipFile, StopIteration, KeyError) as error:
        raise InputError(f"{path.name}: {error!r}", "ESCO's CSV download, with skills_<language>.csv in it") from error
