"""How well reading does on sentences that people have labelled, beside the plainest thing that could be done.

Precision is the share of the found spans that are right, recall the share of the labelled spans that are found.
Strict: both ends must agree. Partial: one character in common is enough, on either side of the count.
Labelled phrases are often whole clauses ("managing all aspects of the kitchen"), which no vocabulary holds: strict
recall is bounded by what a list of names can cover, and is meant to be compared, not admired.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from etl.mentions.reader import Reader
from etl.mentions.terms import Term, esco_terms, vocabulary_terms
from schema.errors import InputError
from schema.vocabulary import VOCABULARY

Extent = tuple[int, int]
Finder = Callable[[str], list[Extent]]

GREENSKILLS_LABELS = (("Skill",), ("Skill", "Qualification", "Domain"))
SKILLSPAN_LABELS = (("skill",), ("knowledge",), ("skill", "knowledge"))


class Labelled(NamedTuple):
    """A sentence and what people labelled in it: (start, end, label), offsets in characters from 0."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over a set of sentences.

    Arguments:
        labelled: spans that people labelled.
        found: spans that were found.
        exact: found spans that agree with a labelled one at both ends.
        found_touching: found spans that share a character with a labelled one.
        labelled_touching: labelled spans that share a character with a found one.
    """

    labelled: int
    found: int
    exact: int
    found_touching: int
    labelled_touching: int

    def strict(self) -> tuple[float, float, float]:
        """Precision, recall and F1, 0 to 1, both ends having to agree."""
        return _rates(self.exact, self.found, self.exact, self.labelled)

    def partial(self) -> tuple[float, float, float]:
        """Precision, recall and F1, 0 to 1, one common character being enough."""
        return _rates(self.found_touching, self.found, self.labelled_touching, self.labelled)


class Result(NamedTuple):
    """One line of the report: which sentences, which labels, which names, found by what, and the counts."""

    corpus: str
    labels: tuple[str, ...]
    names: str
    method: str
    score: Score


def evaluate_mentions(greenskills: Path, skillspan: Path, *, esco: Path | None = None) -> Iterator[Result]:
    """Hold the reader and the baseline against two labelled corpora.

    Arguments:
        greenskills: ``df_testset.csv`` of the Green benchmark (columns sentence_id, word, pos, tag).
        skillspan: ``dev.json`` of SkillSpan (one JSON object per line: tokens, tags_skill, tags_knowledge).
        esco: ESCO's CSV download; where given, our names and ESCO's together are tried too.

    Result: one line for each corpus, set of labels, set of names and method, in that nesting.
    Errors: InputError where a file is not of its form.
    """
    own = list(vocabulary_terms(VOCABULARY))
    named = [("own", own)]
    if esco is not None:
        named.append(("own+esco", own + list(esco_terms(esco))))
    finders: list[tuple[str, str, Finder]] = []
    for names, terms in named:
        finders += [(names, "reader", reader_finder(terms)), (names, "baseline", baseline_finder(terms))]
    corpora = (
        ("greenskills", read_greenskills(greenskills), GREENSKILLS_LABELS),
        ("skillspan", read_skillspan(skillspan), SKILLSPAN_LABELS),
    )
    for corpus, sentences, label_sets in corpora:
        found = [[finder(sentence.text) for sentence in sentences] for _, _, finder in finders]
        for labels in label_sets:
            for (names, method, _), extents in zip(finders, found, strict=True):
                yield Result(corpus, labels, names, method, score(sentences, extents, labels=labels))


def as_table(results: Iterable[Result]) -> str:
    """The results as a plain table, a line each: strict, then partial precision, recall and F1, then counts."""
    head = "{:<12}{:<28}{:<10}{:<10}{:>9}{:>7}{:>7}{:>11}{:>7}{:>7}{:>10}{:>7}{:>7}{:>10}"
    columns = ("corpus", "labels", "names", "method", "strict P", "R", "F1", "partial P", "R", "F1")
    lines = [head.format(*columns, "labelled", "found", "exact", "touching")]
    for corpus, labels, names, method, counts in results:
        strict, partial = counts.strict(), counts.partial()
        lines.append(
            f"{corpus:<12}{'+'.join(labels):<28}{names:<10}{method:<10}{strict[0]:>9.3f}{strict[1]:>7.3f}{strict[2]:>7.3f}"
            f"{partial[0]:>11.3f}{partial[1]:>7.3f}{partial[2]:>7.3f}"
            f"{counts.labelled:>10}{counts.found:>7}{counts.exact:>7}{counts.labelled_touching:>10}"
        )
    return "\n".join(lines)


def score(sentences: Sequence[Labelled], found: Sequence[list[Extent]], *, labels: Iterable[str]) -> Score:
    """Count agreement between labelled and found spans.

    Arguments:
        sentences: with their labels.
        found: the spans found in each, in the same order.
        labels: which labels count; spans with another label are as if not labelled.
    """
    wanted = frozenset(labels)
    totals = [0, 0, 0, 0, 0]
    for sentence, extents in zip(sentences, found, strict=True):
        gold = {(start, end) for start, end, label in sentence.spans if label in wanted}
        spans = set(extents)
        totals[0] += len(gold)
        totals[1] += len(spans)
        totals[2] += len(gold & spans)
        totals[3] += sum(any(_touch(one, other) for other in gold) for one in spans)
        totals[4] += sum(any(_touch(one, other) for other in spans) for one in gold)
    return Score(*totals)


def reader_finder(terms: Iterable[Term]) -> Finder:
    """The reader's mentions, negated and optional ones included: they are named all the same."""
    reader = Reader(terms)
    return lambda text: [(mention.start, mention.end) for mention in reader.read(text).mentions]


def baseline_finder(terms: Iterable[Term]) -> Finder:
    """The plainest method: lower-cased words between blanks, the longest run that is a name, from the left."""
    names = {tuple(term.alias.lower().split()) for term in terms}
    longest = max(map(len, names), default=0)

    def find(text: str) -> list[Extent]:
        words = _words(text)
        found, place = [], 0
        while place < len(words):
            for length in range(min(longest, len(words) - place), 0, -1):
                if tuple(word for word, _, _ in words[place : place + length]) in names:
                    found.append((words[place][1], words[place + length - 1][2]))
                    place += length
                    break
            else:
                place += 1
        return found

    return find


def read_greenskills(path: Path) -> list[Labelled]:
    """The sentences of the Green benchmark; its tags are ``B-Skill``, ``I-Skill``, ``O`` and so on."""
    rows: dict[str, list[tuple[str, str]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                rows.setdefault(row["sentence_id"], []).append((row["word"], row["tag"]))
    except KeyError as error:
        raise InputError(f"no column {error}", "columns sentence_id, word and tag", where=path.name) from error
    return [_labelled([word for word, _ in held], [[tag for _, tag in held]]) for held in rows.values()]


def read_skillspan(path: Path) -> list[Labelled]:
    """The sentences of SkillSpan; its two rows of tags become labels ``skill`` and ``knowledge``."""
    sentences = []
    with path.open(encoding="utf-8") as source:
        for number, line in enumerate(source, start=1):
            try:
                row = json.loads(line)
                tags = [
                    [tag if tag == "O" else f"{tag[0]}-{label}" for tag in row[f"tags_{label}"]]
                    for label in ("skill", "knowledge")
                ]
                sentences.append(_labelled(row["tokens"], tags))
            except (ValueError, KeyError) as error:
                raise InputError(
                    f"{error!r}",
                    "a JSON object with tokens, tags_skill and tags_knowledge",
                    where=f"{path.name}:{number}",
                ) from error
    return sentences


def _labelled(words: list[str], rows: list[list[str]]) -> Labelled:
    """Words joined by blanks, and the spans that rows of B, I and O tags draw over them."""
    extents = [(start, end) for _, start, end in _words(" ".join(words))] if all(words) else []
    if len(extents) != len(words):
        words = [word.replace(" ", "_") or "_" for word in words]
        extents = [(start, end) for _, start, end in _words(" ".join(words))]
    spans: list[tuple[int, int, str]] = []
    for tags in rows:
        open_label = ""
        for (start, end), tag in zip(extents, tags, strict=True):
            mark, _, label = tag.partition("-")
            if mark == "I" and label == open_label:
                spans[-1] = (spans[-1][0], end, label)
            elif mark in ("B", "I"):
                spans.append((start, end, label))
            open_label = label if mark in ("B", "I") else ""
    return Labelled(" ".join(words), tuple(spans))


def _words(text: str) -> list[tuple[str, int, int]]:
    words, place = [], 0
    for word in text.split(" "):
        if word:
            words.append((word.lower(), place, place + len(word)))
        place += len(word) + 1
    return words


def _touch(one: Extent, other: Extent) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _rates(right: int, found: int, hit: int, labelled: int) -> tuple[float, float, float]:
    precision = right / found if found else 0.0
    recall = hit / labelled if labelled else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0
