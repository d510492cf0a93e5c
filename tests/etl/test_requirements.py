"""From mentions to REQUIRES."""

import pytest

from etl.mentions import Mention
from etl.requirements import edges


def mention(text: str, word: str, code: str = "fc:x", *, optional: bool = False, negated: bool = False) -> Mention:
    """The mention of a word in a text."""
    start = text.index(word)
    return Mention(code, start, start + len(word), word, 0.9, optional, negated, "en")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("You must know SQL well", 1.0),
        ("Strong communication. We use SQL here", 0.8),
        ("We use SQL. Proficient typing", 0.8),
        ("Basic SQL", 0.6),
        ("精通SQL；了解英语", 1.0),
        ("精通英语；了解SQL", 0.6),
        ("熟悉SQL", 0.8),
    ],
)
def test_the_clause_decides_the_level(text, level):
    """Catches a word of another clause that raises or lowers a level."""
    (edge,) = edges(text, [mention(text, "SQL")], listed={})
    assert edge.properties["level"] == level


def test_one_edge_a_skill_from_what_insists_most():
    """Catches doubled relationships, and a plus that hides a must."""
    text = "Nice to have: SQL. You must write Structured Query Language. No Java."
    mentions = [
        mention(text, "SQL", optional=True),
        mention(text, "Structured Query Language"),
        mention(text, "Java", "fc:java", negated=True),
    ]
    (edge,) = edges(text, mentions, listed={})
    assert edge.properties["evidence"] == "Structured Query Language"
    assert (edge.properties["level"], edge.properties["optional"]) == (1.0, False)


def test_a_listed_skill_keeps_the_place_in_the_text():
    """Catches a list that throws the evidence away, and one that leaves the level at a plus."""
    text = "SQL is a plus"
    (edge,) = edges(text, [mention(text, "SQL", optional=True)], listed={"fc:x": ("sql", 1.0)})
    assert edge.properties == {
        "evidence": "SQL",
        "level": 1.0,
        "confidence": 1.0,
        "start": 0,
        "end": 3,
        "optional": False,
    }
    (edge,) = edges("", [], listed={"fc:x": ("sql", 1.0)})
    assert edge.properties == {"evidence": "sql", "level": 1.0, "confidence": 1.0, "optional": False}
