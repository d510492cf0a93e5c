"""Finding the skills that a text mentions.

spaCy tokenises (blank pipelines) and its PhraseMatcher finds names and cues in one pass over normed tokens. Then the
longest names win, short and ambiguous ones are kept only where they are surely meant, and cues are judged.
"""

import hashlib
from collections.abc import Iterable, Iterator

from etl.mentions import candidates
from etl.mentions.choice import INFLECTED, Hit, Name, doubtful, literal_only, longest, resolve, vouched, whole
from etl.mentions.context import Span, judge
from etl.mentions.cues import CUES, Cue, Kind
from etl.mentions.engine import Doc, PhraseMatcher
from etl.mentions.pipelines import Page, Pipelines, tidy
from etl.mentions.reading import Candidate, Mention, Reading
from etl.mentions.terms import Term
from etl.mentions.variants import variants

RULES = "2"  # raise it with every change of rules or cues: it is part of the fingerprint, so texts are read again


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
        self._names: dict[int, tuple[Name, ...]] = {}
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
        keys: dict[tuple[str, ...], list[Name]] = {}
        for term in self._terms:
            tidied = tidy(term.alias)
            tokens = self._tokens(tidied)
            if not tokens:
                continue
            name = Name(term, tidied, tidied.casefold(), literal_only(tidied))
            keys.setdefault(tokens, []).append(name)
            for form in variants(tokens):
                keys.setdefault(form, []).append(name)
            if "-" in tidied:
                keys.setdefault(self._tokens(tidied.replace("-", "")), []).append(name)
        vocab = self._pipelines.english.vocab
        for index, (tokens, names) in enumerate(keys.items()):
            key = f"name:{index}"
            self._matcher.add(key, [Doc(vocab, words=list(tokens))])
            self._names[vocab.strings[key]] = tuple(names)
        phrases: dict[tuple[str, ...], list[Cue]] = {}
        for cue in CUES:
            phrases.setdefault(self._tokens(cue.phrase), []).append(cue)
        for index, (tokens, cues) in enumerate(phrases.items()):
            key = f"cue:{index}"
            self._matcher.add(key, [Doc(vocab, words=list(tokens))])
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
        sure: list[Hit] = []
        unsure: list[Hit] = []
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
            hit = resolve(
                names, _surface(text, page, start, end), language, Hit(first, last, start, end, names[0], INFLECTED)
            )
            if hit is None or (page.chinese and not whole(page.plain, start, end)):
                continue
            (unsure if hit.name.literal and doubtful(page.plain, hit) else sure).append(hit)
        hits = longest(sure)
        if unsure:
            for hit in unsure:
                if vouched(page.plain, hit, hits, unsure):
                    hits = [*hits, hit]
            hits = longest(hits)
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
