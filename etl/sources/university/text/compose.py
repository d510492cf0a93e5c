"""Puts the text of one synthetic posting together, and remembers what it mentions."""

import re
from dataclasses import dataclass, fields, replace

from etl.sources.university.draws import Draws
from etl.sources.university.text.chinese import CHINESE
from etl.sources.university.text.english import ENGLISH
from etl.sources.university.text.phrases import Joins, PhraseBook, Sentences
from schema.vocabulary import VOCABULARY, normalise

SHORTEST, LONGEST = 60, 150  # words; a Chinese word is taken to be 1.6 characters
LONGEST_ALIAS = 6  # words


@dataclass(frozen=True, slots=True)
class Asking:
    """What a posting is to say.

    Arguments:
        job, place: as they are to be written, in the language of the posting.
        language: "en" or "zh".
        tone: hiring mood, -2 to 2.
        required, optional, negated: slugs of skills, no skill twice.
        unknown: made-up skills that are asked for as well.
    """

    job: str
    place: str
    language: str
    tone: int
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A posting's two texts, and (slug or made-up name, kind, words) of each mention in them."""

    responsibilities: str
    requirements: str
    mentions: tuple[tuple[str, str, str], ...]


class Composer:
    """Writes postings. Sentences that happen to name a skill of the vocabulary are left out of the phrase books.

    Arguments:
        draws: a stream of its own.
    """

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self.books = {"en": without_skills(ENGLISH, "en"), "zh": without_skills(CHINESE, "zh")}
        self._names = {
            slug: (VOCABULARY.names(slug, "en"), VOCABULARY.names(slug, "zh") or VOCABULARY.names(slug, "en"))
            for slug in VOCABULARY.skills
        }

    def write(self, asking: Asking) -> Written:
        """Compose one posting."""
        draws, book = self._draws, self.books[asking.language]
        mentions: list[tuple[str, str, str]] = []
        words = {"job": asking.job, "place": asking.place, "team": draws.choice(book.teams)}
        words["n"] = str(2 + draws.below(4))
        required = self._named(asking, "required", mentions=mentions)
        required += [(name, name) for name in asking.unknown]
        mentions += [(name, "unknown", name) for name in asking.unknown]
        duties = [draws.choice(book.openings).format_map(words)]
        duties += [text.format_map(words) for text in draws.some(book.duties, 1 + draws.below(2))]
        early = min(len(required) - 1, 1 + draws.below(2))
        duties += self._each(book.skilled, required[:early], words=words)
        demands = self._lists(book, required[early:], words=words)
        optional = self._named(asking, "optional", mentions=mentions)
        if optional:
            demands.append(self._listing(book.optional, optional, joins=book.joins, words=words))
        negated = self._named(asking, "negated", mentions=mentions)
        demands += self._each(book.negated, negated, words=words)
        demands.append(draws.choice(book.experience).format_map(words))
        silent = asking.tone == 0 and draws.next() < 0.4
        mood = [] if silent else [draws.choice(book.mood[asking.tone]).format_map(words)]
        if draws.next() < 0.5:
            duties += mood
        else:
            demands += mood
        length = _length(duties, asking.language) + _length(demands, asking.language)
        for place, text in enumerate(draws.some(book.noise, 6)):
            if (length >= SHORTEST and place >= 2) or length + _length([text], asking.language) > LONGEST:
                break
            demands.insert(draws.below(len(demands) + 1), text)
            length += _length([text], asking.language)
        return Written(book.stop.join(duties), book.stop.join(demands), tuple(mentions))

    def _named(self, asking: Asking, kind: str, *, mentions: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
        """Choose under which name each skill is mentioned; Chinese texts use the English name now and then."""
        draws = self._draws
        named = []
        for slug in getattr(asking, kind):
            english, chinese = self._names[slug]
            names = chinese if asking.language == "zh" and draws.next() < 0.85 else english
            name = names[0] if draws.next() < 0.45 else draws.choice(names)
            named.append((slug, name))
            mentions.append((slug, kind, name))
        return named

    def _each(self, patterns: Sentences, skills: list[tuple[str, str]], *, words: dict[str, str]) -> list[str]:
        return [
            _upper(pattern.format_map({**words, "a": name}))
            for pattern, (_, name) in zip(self._draws.some(patterns, len(skills)), skills, strict=True)
        ]

    def _lists(self, book: PhraseBook, skills: list[tuple[str, str]], *, words: dict[str, str]) -> list[str]:
        """All of the skills, in lists of two to four or one by one."""
        found = []
        rest = list(skills)
        while rest:
            count = 1 if len(rest) == 1 or self._draws.next() < 0.2 else min(len(rest), 2 + self._draws.below(3))
            taken, rest = rest[:count], rest[count:]
            if count == 1:
                found += self._each(book.singles, taken, words=words)
            else:
                found.append(self._listing(book.lists, taken, joins=book.joins, words=words))
        return found

    def _listing(
        self, patterns: Sentences, skills: list[tuple[str, str]], *, joins: Joins, words: dict[str, str]
    ) -> str:
        between, last = self._draws.choice(joins)
        names = [name for _, name in skills]
        joined = names[0] if len(names) == 1 else between.join(names[:-1]) + last + names[-1]
        return _upper(self._draws.choice(patterns).format_map({**words, "list": joined}))


def without_skills(book: PhraseBook, language: str) -> PhraseBook:
    """The phrase book without sentences that name a skill by themselves; truth would not list such a mention."""
    spotter = Spotter(language)

    def kept(texts: Sentences) -> Sentences:
        # A vocabulary that knows a word of every sentence of a kind leaves that kind as it is.
        return tuple(text for text in texts if not spotter.names_skill(text)) or texts

    changed: dict[str, object] = {}
    for field in fields(book):
        value = getattr(book, field.name)
        if field.name == "mood":
            changed[field.name] = {tone: kept(texts) for tone, texts in value.items()}
        elif field.name not in ("joins", "stop"):
            changed[field.name] = kept(value)
    return replace(book, **changed)  # type: ignore[arg-type]


class Spotter:
    """Tells whether a sentence with its blanks names a skill of the vocabulary.

    Arguments:
        language: of the sentences.
    """

    def __init__(self, language: str) -> None:
        self._english = VOCABULARY.aliases("en")
        self._chinese = [name for name in VOCABULARY.aliases("zh") if len(name) > 1] if language == "zh" else []

    def names_skill(self, text: str) -> bool:
        """Whether any run of its words is a name, also in the plural."""
        plain = normalise(re.sub(r"\{[a-z]+\}", " # ", text))
        if any(name in plain for name in self._chinese):
            return True
        words = [word.strip(".") for word in re.findall(r"[a-z0-9+#./&-]+", plain)]
        runs = (
            " ".join(words[start : start + length])
            for length in range(1, LONGEST_ALIAS + 1)
            for start in range(len(words) - length + 1)
        )
        return any(run in self._english or run.removesuffix("s") in self._english for run in runs)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _length(texts: list[str], language: str) -> float:
    if language == "zh":
        return sum(len(text) for text in texts) / 1.6
    return sum(len(text.split()) for text in texts)
