"""Finding the skills that a text mentions.

spaCy tokenises (blank pipelines) and its PhraseMatcher finds names and cues in one pass over normed tokens. Then the
longest names win, short and ambiguous ones are kept only where they are surely meant, and cues are judged.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from etl.mentions import candidates
from etl.mentions.context import Span, judge, listed
from etl.mentions.cues import CUES, Cue, Kind
from etl.mentions.pipelines import HAN, Page, Pipelines, crosses_words, tidy
from etl.mentions.reading import Candidate, Mention, Reading
from etl.mentions.terms import Term
from etl.mentions.variants import variants

RULES = "1"  # raise it with every change of rules or cues: it is part of the fingerprint, so texts are read again
PREFERRED, ALIAS, INFLECTED = 1.0, 0.9, 0.8

# Names of tools that are ordinary words too: they count only in their own spelling, and at the start of a sentence,
# where every word has a capital, only in a list of skills.
_ORDINARY = frozenset(
    "access act agile ant apex assembly basic bash bootstrap box c chef crystal dart delphi echo edge elm ember excel express fiori flash"
    " flask flow forth galaxy git go gradle hive hugo illustrator impala java jenkins julia kafka lean lens maven maya mint mocha motion"
    " nest next notion oracle outlook parse pascal photoshop pig puppet pulse publisher quest r rails rapid react reason revit rhino"
    " ruby rust salt scala scratch sketch slack snowflake solid spark spring spss stata storm swift tableau teams torch unity unreal visio"
    " vault vision vue windows word zoom".split()
) - frozenset("java jenkins kafka maven photoshop rails revit ruby scala spss stata tableau visio vue git gradle".split())
_SHORT = 3
# "Excel in your role" against "Excel skills", "Excel, Word" and a line that says "Excel" only.
_VERB_LIKE = re.compile(r" (?!skill|knowledge|experience|and |or |is |certif|programming|develop)[a-z]")
_WEAK_CUES = ("in", "with", "using", "of", "know", "language", "languages", "熟悉", "掌握", "精通", "使用", "用")


class _Name(NamedTuple):
    """A name behind a pattern: exact is the tidied spelling, literal whether other spellings count less."""

    term: Term
    exact: str
    folded: str
    literal: bool


class _Hit(NamedTuple):
    """A match that was found to be a name: token span, offsets in the plain text, and how sure we are."""

    first: int
    last: int
    start: int
    end: int
    name: _Name
    confidence: float


class Reader:
    """Reads skills from texts in English, Chinese or both.

    Arguments:
        terms: the names to look for. Where two skills share a name the preferred one wins, else the smaller code.

    One reader is for one thread; processes each build their own.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = sorted(set(terms))
        self._pipelines = Pipelines()
        self._matcher = PhraseMatcher(self._pipelines.english.vocab, attr="NORM")
        self._names: dict[int, tuple[_Name, ...]] = {}
        self._cues: dict[int, tuple[Cue, ...]] = {}
        self._build()
        self.fingerprint = self._fingerprint()

    def read(self, text: str, language: str | None = None) -> Reading:
        """Mentions and candidates of one text.

        Arguments:
            text: as it was written; offsets count its characters.
            language: "en" or "zh" where it is known. It decides only which language's name is reported where both
                have the same; the tokens follow the text itself, as postings mix languages.
        """
        with self._pipelines.zone():
            page = self._pipelines.page(text)
            return self._reading(text, page, language or ("zh" if page.chinese else "en"))

    def pipe(self, texts: Iterable[str]) -> Iterator[Reading]:
        """Readings of many texts, in order, one at a time, so that memory stays bounded."""
        for text in texts:
            yield self.read(text)

    def _build(self) -> None:
        keys: dict[tuple[str, ...], list[_Name]] = {}
        for term in self._terms:
            tidied = tidy(term.alias)
            tokens = self._tokens(tidied)
            if not tokens:
                continue
            name = _Name(term, tidied, tidied.casefold(), _literal(tidied))
            keys.setdefault(tokens, []).append(name)
            for form in variants(tokens):
                keys.setdefault(form, []).append(name)
            if "-" in tidied:
                keys.setdefault(self._tokens(tidied.replace("-", "")), []).append(name)
        vocab = self._pipelines.english.vocab
        for index, (tokens, names) in enumerate(keys.items()):
            key = f"name:{index}"
            self._matcher.add(key, [Doc(vocab, words=tokens)])
            self._names[vocab.strings[key]] = tuple(names)
        phrases: dict[tuple[str, ...], list[Cue]] = {}
        for cue in CUES:
            phrases.setdefault(self._tokens(cue.phrase), []).append(cue)
        for index, (tokens, cues) in enumerate(phrases.items()):
            key = f"cue:{index}"
            self._matcher.add(key, [Doc(vocab, words=tokens)])
            self._cues[vocab.strings[key]] = tuple(cues)

    def _tokens(self, phrase: str) -> tuple[str, ...]:
        return tuple(token.norm_ for token in self._pipelines.page(phrase).doc if not token.is_space)

    def _fingerprint(self) -> str:
        """Hash of terms and rules: two readers with the same one read every text alike."""
        digest = hashlib.sha256(f"{RULES}\n{CUES!r}".encode())
        for term in self._terms:
            digest.update("\x1f".join((term.code, term.alias, term.language, str(term.preferred))).encode() + b"\x1e")
        return digest.hexdigest()

    def _reading(self, text: str, page: Page, language: str) -> Reading:
        matches = self._matcher(page.doc)
        if not matches:
            return Reading([], self._candidates(text, page, [], []))
        sure: list[_Hit] = []
        doubtful: list[_Hit] = []
        cues: list[tuple[Cue, int, int]] = []
        covered = -1
        # Longest first where several begin at one token, so that a cue hides those inside it.
        for key, first, last in sorted(matches, key=_position):
            names = self._names.get(key)
            start, end = _offsets(page, first, last)
            if names is None:
                if start >= covered:
                    covered = end
                    cues.extend((cue, start, end) for cue in self._cues[key])
                continue
            hit = _resolve(names, _surface(text, page, start, end), language, _Hit(first, last, start, end, names[0], INFLECTED))
            if hit is None or (page.chinese and not _whole(page.plain, start, end)):
                continue
            (doubtful if hit.name.literal and _doubtful(page.plain, hit) else sure).append(hit)
        hits = _longest(sure)
        if doubtful:
            hits = _longest(hits + [hit for hit in doubtful if _listed(page.plain, hit, hits, doubtful)])
        spans = [Span(hit.start, hit.end) for hit in hits]
        judgement = judge(page.plain, spans, cues) if cues and spans else None
        mentions = []
        for index, hit in enumerate(hits):
            start, end = page.original(hit.start), page.original(hit.end - 1) + 1
            optional = judgement is not None and index in judgement.optional
            negated = judgement is not None and index in judgement.negated
            term = hit.name.term
            mentions.append(
                Mention(term.code, start, end, text[start:end], hit.confidence, optional, negated, term.language)
            )
        return Reading(mentions, self._candidates(text, page, spans, cues))

    def _candidates(
        self, text: str, page: Page, spans: list[Span], cues: list[tuple[Cue, int, int]]
    ) -> list[Candidate]:
        plain = page.plain
        found = [*candidates.tool_like(plain), *candidates.beside(plain, spans)]
        for cue, _, end in cues:
            if cue.kind is Kind.INTRODUCTION:
                found += candidates.introduced(plain, end)
        if not found:
            return []
        taken = sorted(spans)
        kept: list[Candidate] = []
        last = -1
        for span in sorted(set(found), key=lambda span: (span.start, -span.end)):
            if span.start < last or any(span.start < end and start < span.end for start, end in taken):
                continue
            last = span.end
            start, end = page.original(span.start), page.original(span.end - 1) + 1
            kept.append(Candidate(text[start:end], start, end))
        return kept


def _position(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _offsets(page: Page, first: int, last: int) -> tuple[int, int]:
    """Character offsets of tokens first to last - 1, without the hyphen that may hang on the last."""
    opening, closing = page.doc[first], page.doc[last - 1]
    end = closing.idx + len(closing)
    if len(closing) > 1 and page.plain[end - 1] == "-":
        end -= 1
    return opening.idx, end


def _surface(text: str, page: Page, start: int, end: int) -> str:
    """What stands between two offsets, spelled as names are: plain signs and blanks, Chinese without blanks."""
    if not page.cuts:
        return page.plain[start:end]
    return tidy(text[page.original(start) : page.original(end - 1) + 1])


def _literal(name: str) -> bool:
    """Whether a name is so short or so ordinary a word that its own spelling is asked for."""
    return name.isascii() and (len(name) <= _SHORT or name.lower() in _ORDINARY)


def _resolve(names: tuple[_Name, ...], surface: str, language: str, hit: _Hit) -> _Hit | None:
    """The best name for what stands in the text; None where only a singular of a plural name does."""
    folded = surface.casefold()
    best: tuple[float, bool, str] | None = None
    for name in names:
        if folded == name.folded:
            confidence = PREFERRED if name.term.preferred else ALIAS
        elif hit.last - hit.first == 1 and not folded.endswith("s") and name.folded.endswith("s") and len(name.folded) > len(folded):
            continue  # "window" is not "Windows"
        else:
            confidence = INFLECTED
        rank = (-confidence, name.term.language != language, name.term.code)
        if best is None or rank < best:
            best = rank
            hit = hit._replace(name=name, confidence=confidence)
    return hit if best is not None else None


def _doubtful(plain: str, hit: _Hit) -> bool:
    """Whether a short or ordinary name needs a list of skills around it to count."""
    surface = plain[hit.start : hit.end]
    if len(surface) == 1:
        return True
    if surface != hit.name.exact:
        return True
    if surface.lower() in _ORDINARY:
        before = plain[max(0, hit.start - 8) : hit.start].rstrip(" \"'(-*•")
        return (not before or before[-1] in ".!?\n。") and _VERB_LIKE.match(plain, hit.end) is not None
    return False


def _listed(plain: str, hit: _Hit, hits: list[_Hit], doubtful: list[_Hit]) -> bool:
    """Whether a doubtful name is an item of a list of skills, or a single letter that a cue such as "in" introduces."""
    if len(hit.name.exact) == 1:
        if plain[hit.start : hit.end] != hit.name.exact:
            return False
        lead = plain[max(0, hit.start - 14) : hit.start].replace(" ", "") if hit.name.term.language == "zh" else ""
        words = plain[max(0, hit.start - 14) : hit.start].lower().split()
        if plain[hit.end : hit.end + 1] not in {"&", "'", "-"} and (
            (words and words[-1] in _WEAK_CUES and plain[hit.end : hit.end + 2] != ". ") or lead.endswith(_WEAK_CUES)
        ):
            return True
    for other in hits:
        if other.end <= hit.start and listed(plain[other.end : hit.start]):
            return True
        if hit.end <= other.start and listed(plain[hit.end : other.start]):
            return True
    if plain[hit.start : hit.end] == hit.name.exact:
        # Two short names in a list vouch for each other: "R, C and Go".
        return any(
            other is not hit
            and plain[other.start : other.end] == other.name.exact
            and (listed(plain[other.end : hit.start]) if other.end <= hit.start else listed(plain[hit.end : other.start]))
            for other in doubtful
        )
    return False


def _whole(plain: str, start: int, end: int) -> bool:
    """Whether a match in Chinese characters is made of whole words; two or three can meet by chance, more hardly do."""
    run = plain[start:end]
    if len(run) > 5 or not _is_han(run[0]) or not _is_han(run[-1]):
        return True
    left, right = start, end
    while left > 1 and _is_han(plain[left - 2]) and plain[left - 1] == " " and start - left < 24:
        left -= 2
    while right + 1 < len(plain) and plain[right] == " " and _is_han(plain[right + 1]) and right - end < 24:
        right += 2
    text = plain[left:right].replace(" ", "")
    offset = (start - left) // 2
    return not crosses_words(text, offset, offset + (len(run) + 1) // 2)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Hits that do not overlap, longer ones first, then earlier ones; in order of position."""
    if len(hits) < 2:
        return hits
    kept: list[_Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if hit.first not in taken and hit.last - 1 not in taken:
            kept.append(hit)
            taken.update(range(hit.first, hit.last))
    return sorted(kept, key=lambda hit: hit.start)
