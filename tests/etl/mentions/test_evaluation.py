"""The evaluation: counts worked by hand, the forms of the corpora, and the real ones where they are."""

import json
from pathlib import Path

import pytest

from etl.mentions import Term, esco_terms
from etl.mentions.evaluation import (
    Labelled,
    as_table,
    baseline_finder,
    evaluate_mentions,
    read_greenskills,
    read_skillspan,
    reader_finder,
    score,
)
from schema.errors import InputError

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def test_score_by_hand() -> None:
    """Strict and partial counts are easily swapped, and a span that touches two labels must count once."""
    sentences = [
        Labelled("abcdefghij", ((0, 3, "skill"), (5, 8, "skill"), (8, 10, "other"))),
        Labelled("abcdefghij", ((2, 4, "skill"),)),
    ]
    counts = score(sentences, [[(0, 3), (6, 10)], [(5, 6)]], labels=("skill",))
    assert (counts.labelled, counts.found, counts.exact) == (3, 3, 1)
    assert (counts.found_touching, counts.labelled_touching) == (2, 2)
    assert counts.strict() == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert counts.partial() == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_nothing_found_is_zero() -> None:
    """Division by zero would end the report of a poor vocabulary instead of showing it."""
    counts = score([Labelled("ab", ((0, 1, "skill"),))], [[]], labels=("skill",))
    assert counts.strict() == counts.partial() == (0.0, 0.0, 0.0)


def test_finders_differ_where_rules_matter() -> None:
    """The baseline must stay without rules, or the comparison says nothing."""
    terms = [Term("rest", "REST API", "en"), Term("it", "IT", "en")]
    text = "use it with REST APIs or REST API"
    assert baseline_finder(terms)(text) == [(4, 6), (25, 33)]
    assert reader_finder(terms)(text) == [(12, 21), (25, 33)]


def test_greenskills_tags_become_spans(tmp_path: Path) -> None:
    """B after I of the same label begins a second span; joined, recall would look better than it is."""
    path = tmp_path / "gold.csv"
    path.write_text(
        "sentence_id,word,pos,tag\n1,Use,V,O\n1,big,J,B-Skill\n1,data,N,I-Skill\n1,R,N,B-Skill\n2,chef,N,B-Occupation\n"
    )
    first, second = read_greenskills(path)
    assert first == ("Use big data R", ((4, 12, "Skill"), (13, 14, "Skill")))
    assert second.spans == ((0, 4, "Occupation"),)


def test_skillspan_rows_become_labels(tmp_path: Path) -> None:
    """Both rows of tags are drawn over the same words and must both arrive."""
    path = tmp_path / "dev.json"
    row = {"tokens": ["know", "SQL", "well"], "tags_skill": ["B", "I", "I"], "tags_knowledge": ["O", "B", "O"]}
    path.write_text(json.dumps(row) + "\n")
    assert read_skillspan(path) == [("know SQL well", ((0, 13, "skill"), (5, 8, "knowledge")))]
    path.write_text("{}\n")
    with pytest.raises(InputError, match=r"dev\.json:1"):
        read_skillspan(path)


@pytest.mark.real
def test_reader_beats_the_baseline_on_real_sentences() -> None:
    """A change of rules that loses more than it finds shows here."""
    green, span = SHARED / "greenskills/preprocessed_data/df_testset.csv", SHARED / "skillspan/dev.json"
    if not green.exists() or not span.exists():
        pytest.skip("the labelled corpora are not beside the checkout")
    assert len(read_greenskills(green)) == 336
    assert len(read_skillspan(span)) == 3174
    results = list(evaluate_mentions(green, span))
    assert len(as_table(results).splitlines()) == 1 + len(results) == 11
    by = {(r.corpus, r.labels, r.method): r.score for r in results}
    for corpus, labels in {(r.corpus, r.labels) for r in results}:
        read, plain = by[corpus, labels, "reader"], by[corpus, labels, "baseline"]
        assert read.partial()[2] > plain.partial()[2]
        # Not the bare count of exact spans: look-up without rules gains by finding more, wrong ones included.
        assert read.strict()[2] > plain.strict()[2]


@pytest.mark.real
def test_esco_labels_are_read_whole() -> None:
    """A reader of the first line of each cell only would lose six of seven labels."""
    path = SHARED / "esco-v1.1.1-en.zip"
    if not path.exists():
        pytest.skip("ESCO is not beside the checkout")
    terms = list(esco_terms(path))
    assert len({term.code for term in terms}) == 13_896 - 1 or len({term.code for term in terms}) == 13_896
    assert len(terms) > 90_000
