"""Query files against their headers, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypher import statement
from cypher.library import Library
from schema.errors import QueryError

HEAD = "// Sentence.\n// mode: {mode}\n"


@pytest.fixture
def library(tmp_path):
    def write(text, name="serve/one", mode="read"):
        path = tmp_path / f"{name}.cypher"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.format(mode=mode) + text, encoding="utf-8")
        return Library(tmp_path)

    return write


@pytest.mark.parametrize(
    ("text", "where", "given_text"),
    [
        ("// column a: any\nMATCH (n)\nRETURN $x AS a", "serve/one.cypher:5", "$x is not declared"),
        ("// parameter x: any\n// column a: any\nRETURN 1 AS a", "serve/one.cypher:3", "x is not used"),
        ("// parameter x: any\n// column a: any\nRETURN '$x' AS a // $x", "serve/one.cypher:3", "x is not used"),
        ("// column a: any\nRETURN 1 AS a,\n 2 AS b", "serve/one.cypher:4", "b is not declared"),
        ("// column a: any\n// column b: any\nRETURN 1 AS a", "serve/one.cypher:4", "b is not returned"),
        ("// column a: any\nMATCH (a) RETURN a, a.code", "serve/one.cypher:4", "without a name"),
        ("// column a: any\nMATCH (a) RETURN *", "serve/one.cypher:4", "without a name"),
        ("// column a: any\nMATCH (a)\nSET a.x = 1\nRETURN a", "serve/one.cypher:5", "SET in a query of mode read"),
        ("MATCH (a)", "serve/one.cypher:3", "no RETURN"),
        ("// column a: any\nRETURN 1 AS a; RETURN 2 AS a", "serve/one.cypher", "two statements"),
    ],
)
def test_text_and_header_must_agree(library, text, where, given_text):
    """Would catch a file whose header lies, and a message that points to another line."""
    with pytest.raises(QueryError) as caught:
        library(text).query("serve/one")
    assert given_text in caught.value.given
    assert caught.value.where == where


@pytest.mark.parametrize(
    "clause",
    [
        "CREATE (:A)",
        "MERGE (:A)",
        "MATCH (a) SET a.b = 1",
        "MATCH (a) set a:B",
        "MATCH (a) DELETE a",
        "MATCH (a) DETACH DELETE a",
        "MATCH (a) REMOVE a.b",
        "CALL { CREATE (:A) }",
        "MATCH (a) FOREACH (x IN [1] | CREATE (:B))",
        "DROP INDEX a",
        "CALL db.create.setNodeVectorProperty(1, 'a', [1.0])",
        "CALL tx.setMetaData({})",
        "MATCH (a) WHERE a.b = '//' MERGE (:C)",
    ],
)
def test_read_query_must_not_write(library, clause):
    """Would catch a writing query that is routed to a reader."""
    with pytest.raises(QueryError, match="mode read"):
        library(f"// column a: any\n{clause} RETURN 1 AS a").query("serve/one")
    assert library(f"// column a: any\n{clause} RETURN 1 AS a", mode="write").query("serve/one").mode == "write"


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n:Set {create: 1}) WHERE n.delete = 'MERGE' RETURN n AS a",
        "MATCH (n) /* SET n.x = 1 */ RETURN n.set AS a // DELETE",
        "MATCH (`merge`:A|Create) RETURN count(*) AS a",
        "WITH 1 AS created, 2 AS reset RETURN created + reset AS a",
        "CALL db.index.vector.queryNodes('i', 1, [1.0]) YIELD node AS a RETURN a",
        "CALL (*) { RETURN 1 AS b } RETURN b AS a",
        "RETURN COLLECT { MATCH (x) RETURN x AS y } AS a ORDER BY a LIMIT 1",
        "RETURN [1, 2] AS a UNION ALL RETURN DISTINCT {b: 1, c: 2} AS a SKIP 1;",
    ],
)
def test_words_that_only_look_like_clauses_pass(library, text):
    """Would catch a check that reads strings, comments, labels or properties as clauses."""
    assert [each.name for each in library(f"// column a: any\n{text}").query("serve/one").columns] == ["a"]


def test_writing_query_may_return_nothing(library):
    """Would catch a demand for RETURN where there is nothing to give."""
    assert library("CREATE (:A)", mode="write").query("serve/one").columns == ()


@given(st.text("ab'\"`/*\n\\ $;", max_size=40))
def test_blanking_keeps_length_and_lines(text):
    """Would catch line numbers that shift behind a comment or a string."""
    bare = statement.blanked(text)
    assert len(bare) == len(text)
    assert [place for place, letter in enumerate(bare) if letter == "\n"] == [
        place for place, letter in enumerate(text) if letter == "\n"
    ]


def test_arguments_are_checked(library):
    """Would catch a misspelt argument that the server takes as null, and a value out of range."""
    text = "// parameter code: string\n// parameter k: integer, 1 to 5\n// parameter at: datetime or null\n"
    query = library(f"{text}// column a: any\nRETURN [$code, $k, $at] AS a").query("serve/one")
    assert query.arguments(code="x", k=5) == {"code": "x", "k": 5, "at": None}
    for given_arguments, given_text in (
        ({"code": "x"}, "no argument 'k'"),
        ({"code": "x", "k": 5, "kk": 5}, "argument 'kk'"),
        ({"code": "x", "k": 6}, "6 is not in the range 1 to 5"),
        ({"code": None, "k": 1}, "null is no string"),
    ):
        with pytest.raises(QueryError) as caught:
            query.arguments(**given_arguments)
        assert caught.value.given == given_text
    assert query.read_arguments({"code": "7", "k": "2"}) == {"code": "7", "k": 2, "at": None}
    with pytest.raises(QueryError, match=r"serve/one \$k: 'two'"):
        query.read_arguments({"code": "7", "k": "two"})


def test_samples_become_arguments(library):
    """Would catch a query that tests pass over although its header gives samples."""
    text = "// parameter a: integer\n// column b: integer\n{example}RETURN $a AS b"
    assert library(text.format(example="// example a: 3\n")).query("serve/one").example == {"a": 3}
    assert library(text.format(example="")).query("serve/one").example is None


def test_names_are_told_apart(library):
    """Would catch two files that a case-blind or careless reader takes for one."""
    text = "// column a: any\nRETURN 1 AS a"
    library(text, name="serve/one-two")
    with pytest.raises(QueryError, match="serve/one-two is there"):
        library(text, name="serve/one_two").names()


def test_unknown_query_names_those_that_exist(library):
    """Would catch a bare file-not-found error."""
    shelf = library("// column a: any\nRETURN 1 AS a")
    with pytest.raises(QueryError, match="one of serve/one"):
        shelf.query("serve/two")
    with pytest.raises(QueryError, match="room 'kitchen'"):
        shelf.queries("kitchen")
    assert [each.name for each in shelf.queries("serve")] == ["serve/one"]
    assert shelf.queries("audit") == []


def test_file_outside_the_rooms_is_refused(library):
    """Would catch a query that no room lists."""
    with pytest.raises(QueryError, match="kitchen/one"):
        library("// column a: any\nRETURN 1 AS a", name="kitchen/one").names()
