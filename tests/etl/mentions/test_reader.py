"""Reading skills from text: what is found, where, how sure, and what the words around it say."""

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etl.mentions import Reader, Reading, Term, pipelines, vocabulary_terms
from schema.vocabulary import VOCABULARY

TERMS = [
    Term("java", "Java", "en", True),
    Term("python", "Python", "en", True),
    Term("python", "Python programming", "en"),
    Term("sql", "SQL", "en", True),
    Term("sql", "结构化查询语言", "zh", True),
    Term("tableau", "Tableau", "en", True),
    Term("cpp", "C++", "en", True),
    Term("c", "C", "en", True),
    Term("r", "R", "en", True),
    Term("go", "Go", "en", True),
    Term("it", "IT", "en", True),
    Term("sap", "SAP", "en", True),
    Term("excel", "Excel", "en", True),
    Term("react", "React", "en", True),
    Term("spring", "Spring", "en", True),
    Term("banking", "banking", "en", True),
    Term("testing", "testing", "en", True),
    Term("windows", "Windows", "en", True),
    Term("node", "Node.js", "en", True),
    Term("rest", "REST API", "en", True),
    Term("ml", "machine learning", "en", True),
    Term("ml", "机器学习", "zh", True),
    Term("mle", "machine learning engineering", "en", True),
    Term("da", "data analysis", "en", True),
    Term("da", "数据分析", "zh", True),
    Term("dc", "data cleaning", "en", True),
    Term("pm", "project management", "en", True),
    Term("teams", "manage teams", "en", True),
    Term("ps", "problem solving", "en", True),
    Term("ecom", "e-commerce", "en", True),
    Term("cicd", "CI/CD", "en", True),
    Term("acc", "会计", "zh", True),
    Term("comm", "沟通", "zh", True),
]
READER = Reader(TERMS)


def marked(text: str) -> set[str]:
    """Codes found, with ~ for optional and ! for negated."""
    return {m.code + "~" * m.optional + "!" * m.negated for m in READER.read(text).mentions}


def check(text: str, reading: Reading) -> None:
    """What holds of every reading of every text."""
    last = 0
    for mention in reading.mentions:
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.confidence in (1.0, 0.9, 0.8)
        assert not (mention.optional and mention.negated)
        last = mention.end
    spans = [(m.start, m.end) for m in reading.mentions]
    for candidate in reading.candidates:
        assert text[candidate.start : candidate.end] == candidate.text != ""
        assert all(candidate.end <= start or end <= candidate.start for start, end in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No Java needed, Python required.", {"java!", "python"}),
        ("Java is not required. Python is.", {"java!", "python"}),
        ("You do not need to know Java, C++ or SQL. Python is a must.", {"java!", "cpp!", "sql!", "python"}),
        ("We are looking for Python but not Java.", {"python", "java!"}),
        ("Not only Java but also Python.", {"java", "python"}),
        ("Including but not limited to Java and Python.", {"java", "python"}),
        ("No travel. Java and Python.", {"java", "python"}),
        ("No degree, but Java and Python.", {"java", "python"}),
        ("无需Java，熟悉Python。", {"java!", "python"}),
        ("不要求Java、C++经验，需要掌握Python。", {"java!", "cpp!", "python"}),
        ("对Java不做要求，精通Python", {"java!", "python"}),
        ("包括但不限于Java、Python", {"java", "python"}),
    ],
)
def test_negation(text: str, expected: set[str]) -> None:
    """A reader without scopes would turn "no Java needed" into a requirement, or deny the rest of the sentence."""
    assert marked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python, SQL and Tableau are a plus.", {"python~", "sql~", "tableau~"}),
        ("You know Java, Python and SQL, Tableau is a plus.", {"java", "python", "sql", "tableau~"}),
        ("Strong Java. Knowledge of Python or SQL is a big plus.", {"java", "python~", "sql~"}),
        ("Java required, Python preferred.", {"java", "python~"}),
        ("Preferred: Python, SQL. Java is required.", {"python~", "sql~", "java"}),
        ("Java; ideally some experience with Python.", {"java", "python~"}),
        ("Java\nNice to have:\n- Python\n- Tableau\nYou must have:\n- SQL", {"java", "python~", "tableau~", "sql"}),
        ("Python is not required but a plus.", {"python~"}),
        ("Java, Python and dbt and Tableau are nice to have; SQL.", {"java~", "python~", "tableau~", "sql"}),
        ("熟悉Python，有Java经验者优先。", {"python", "java~"}),
        ("精通SQL；会Python、Tableau者加分", {"sql", "python~", "tableau~"}),
        ("加分项：熟悉Python、Tableau\n任职要求：\n精通SQL", {"python~", "tableau~", "sql"}),
        ("优先级高的工作，掌握Python", {"python"}),
    ],
)
def test_optionality(text: str, expected: set[str]) -> None:
    """A cue that reaches too far makes required skills optional, one that stops short loses the list."""
    assert marked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Programming in R, C and Go.", {"r", "c", "go"}),
        ("Programming in R, C and Excel.", {"r", "c", "excel"}),
        ("Vitamin C, R & D; section C. Go to the shop.", set()),
        ("We do it with knowledge of IT and SAP.", {"it", "sap"}),
        ("The sap of a tree; take it and go.", set()),
        ("python, sql, tableau, sap", {"python", "sql", "tableau", "sap"}),
        ("熟悉sql和python", {"sql", "python"}),
        ("Excel in your role.", set()),
        ("You excel at this.", set()),
        ("Good Excel skills", {"excel"}),
        ("Requirements:\n- Excel", {"excel"}),
        ("React or Spring, with Go; Java, react", {"react", "spring", "go", "java"}),
        ("React to changes. We react fast in spring.", set()),
        ("Our Go-to-market team starts in Spring 2024.", set()),
        ("Our React-based page and React components", {"react"}),
        ("A leader in investment banking; research in IT.", set()),
        ("Drug testing is done; you do drug testing.", set()),
        ("You do testing every day.", {"testing"}),
        ("Experience in banking or solid IT skills", {"banking", "it"}),
        ("Java, banking and Python; 熟悉IT", {"java", "banking", "python", "it"}),
        ("a window to the world", set()),
        ("社会计划", set()),
        ("会计基础扎实", {"acc"}),
    ],
)
def test_short_and_ordinary_names(text: str, expected: set[str]) -> None:
    """Matching these names without regard to case or company would find a skill in every second sentence."""
    assert marked(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "surface", "confidence"),
    [
        ("good PYTHON skills", "python", "PYTHON", 1.0),
        ("Python programming", "python", "Python programming", 0.9),
        ("several REST APIs", "rest", "REST APIs", 0.8),
        ("managing teams", "teams", "managing teams", 0.8),
        ("managing projects", "pm", "managing projects", 0.8),
        ("cleaning data", "dc", "cleaning data", 0.8),
        ("problem-solving", "ps", "problem-solving", 0.8),
        ("ecommerce", "ecom", "ecommerce", 0.8),
        ("CI / CD", "cicd", "CI / CD", 0.8),
        ("Java/Python-based", "python", "Python", 1.0),
        ("write Node.js.", "node", "Node.js", 1.0),
        ("advanced machine   learning", "ml", "machine   learning", 1.0),
        ("Ｐｙｔｈｏｎ", "python", "Ｐｙｔｈｏｎ", 1.0),
        ("负责数据分析工作", "da", "数据分析", 1.0),
        ("使用C++开发", "cpp", "C++", 1.0),
    ],
)
def test_form_decides_confidence(text: str, code: str, surface: str, confidence: float) -> None:
    """Evidence must show the words as written, and a guess must not claim the certainty of a name."""
    found = [m for m in READER.read(text).mentions if m.code == code]
    assert [(m.text, m.confidence) for m in found] == [(surface, confidence)]


def test_longest_name_wins() -> None:
    """Reporting the inner name too would make one phrase two requirements."""
    text = "machine learning engineering and machine learning"
    assert [(m.code, m.start) for m in READER.read(text).mentions] == [("mle", 0), ("ml", 33)]


def test_candidates_are_terms_in_the_place_of_skills() -> None:
    """The vocabulary can only grow if unknown terms are seen; known ones and prose must not drown them."""

    def unknown(text: str) -> list[str]:
        return [candidate.text for candidate in READER.read(text).candidates]

    assert unknown("Experience with Quarkus, Java and event sourcing.") == ["Quarkus", "event sourcing"]
    assert unknown("Python, Pulumi and SQL") == ["Pulumi"]
    assert unknown("We deploy with CircleCI daily.") == ["CircleCI"]
    assert unknown("熟悉区块链、Python和微服务。") == ["区块链", "微服务"]
    assert unknown("Java is required and we are a nice team in Paris.") == []


def test_fingerprint_depends_on_terms_only() -> None:
    """Content hashes are salted with it: unstable, all postings are read again; too stable, none after a change."""
    assert Reader(reversed(TERMS)).fingerprint == READER.fingerprint
    assert Reader([*TERMS, Term("x", "Xylo", "en")]).fingerprint != READER.fingerprint
    assert Reader([term._replace(preferred=False) for term in TERMS]).fingerprint != READER.fingerprint


def test_pipe_reads_as_read_does() -> None:
    """Caches kept from one text must not leak into the next."""
    texts = ["Java", "无需Java", "No Java needed", "Java"] * 3
    assert list(READER.pipe(texts)) == [READER.read(text) for text in texts]


CUE_PIECES = """
    no not required a plus preferred nice to have is are : ; , . ( ) / and or - 、 ， 。 无需 优先 熟悉 和 者 工作 ' " &
"""


def test_memory_stays_bounded_and_readings_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every new word is kept by spaCy for good unless told otherwise: a long file would fill the memory."""
    texts = [f"Java word{number}, no Python needed, 熟悉数据分析 code{number}x" for number in range(300)]
    before = list(READER.pipe(texts))
    monkeypatch.setattr(pipelines, "_HELD_STRINGS", 0)
    reader = Reader(TERMS)
    strings = reader._pipelines.chinese.vocab.strings
    held = len(strings)
    assert list(reader.pipe(texts)) == before
    assert len(strings) == held


PIECES = st.sampled_from([term.alias for term in TERMS] + CUE_PIECES.split() + ["\n", "\t", "", "\u3000"])


@given(st.lists(PIECES | st.text(max_size=6), max_size=40), st.sampled_from(["", " ", "  "]))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_valid_offsets(pieces: list[str], joint: str) -> None:
    """A shift lost in spacing Chinese or collapsing blanks would cut the evidence at the wrong place."""
    text = joint.join(pieces)
    check(text, READER.read(text))


PLAIN = st.lists(
    st.sampled_from(
        ["the team", "our customers", "every day", "builds products", "he says", "many people", "今天天气", "客户"]
    ),
    max_size=5,
).map(" ".join)
ORDINARY = ("go", "excel", "it", "windows", "react", "spring", "banking", "testing")
# The others are ordinary words too, and need more than neutral words at the start of a sentence.
FINDABLE = [term for term in TERMS if len(term.alias) > 1 and term.code not in ORDINARY]


@given(PLAIN, st.sampled_from(FINDABLE), PLAIN)
@settings(max_examples=200, deadline=None)
def test_planted_name_is_found(before: str, term: Term, after: str) -> None:
    """A name must be found whatever neutral words surround it."""
    text = f"{before} {term.alias} {after}"
    reading = READER.read(text)
    check(text, reading)
    assert [(m.code, m.start, m.negated, m.optional) for m in reading.mentions] == [
        (term.code, len(before) + 1, False, False)
    ]


@given(PLAIN, st.sampled_from(FINDABLE), PLAIN, st.sampled_from(["No {} needed.", "{} is not required.", "无需{}。"]))
@settings(max_examples=200, deadline=None)
def test_planted_name_is_negated(before: str, term: Term, after: str, form: str) -> None:
    """Negation must hold whatever stands in the sentences around."""
    reading = READER.read(f"{before}. {form.format(term.alias)} {after}")
    assert [(m.code, m.negated) for m in reading.mentions] == [(term.code, True)]


@given(st.sampled_from(sorted(VOCABULARY.skills)), st.data())
@settings(max_examples=150, deadline=None)
def test_every_shipped_name_is_found(slug: str, data: st.DataObject) -> None:
    """A name that tokenises otherwise in text than in the matcher could never be found."""
    names = VOCABULARY.names(slug, "en") + VOCABULARY.names(slug, "zh")
    name = data.draw(st.sampled_from(names))
    assume(len(name) > 3)
    text = f"We ask for knowledge of {name} ."  # a trade needs such a cue
    reading = _own().read(text)
    check(text, reading)
    assert f"fc:{slug}" in {m.code for m in reading.mentions}


def test_reading_is_fast_enough() -> None:
    """A second pass over all tokens (special cases, text rebuilt for each mention) costs ten times the budget."""
    posting = "Experience with Python, SQL and REST APIs. You will manage teams every day and build products. " * 8
    reader = _own()
    texts = [posting.replace("products", f"product{number}") for number in range(400)]
    list(reader.pipe(texts[:50]))
    start = time.process_time()
    list(reader.pipe(texts))
    spent = time.process_time() - start
    assert 400 * 120 / spent > 60_000, "words a second on one core; several times that on an idle machine"


@pytest.mark.parametrize(
    "text",
    [
        "Python, " * 4000,
        "((" * 10_000,
        ")" * 20_000,
        "no " * 10_000,
        "会计" * 5000,
        "a-" * 10_000,
        "Nice to have: SQL " * 1000,
    ],
    ids=lambda text: text[:6],
)
def test_no_text_takes_long(text: str) -> None:
    """One broken posting must not hold up a load: work that grows with the square of the length shows here."""
    start = time.process_time()
    check(text, READER.read(text))
    assert time.process_time() - start < 5, "most of it is the check itself; a second pass over pairs takes far longer"


_OWN: list[Reader] = []


def _own() -> Reader:
    if not _OWN:
        _OWN.append(Reader(vocabulary_terms(VOCABULARY)))
    return _OWN[0]
