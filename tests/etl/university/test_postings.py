"""The wording of the postings: what truth lists is there to be read, faults are where they were planted."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sources.university import Manifest
from etl.sources.university.draws import Draws
from etl.sources.university.postings import spread_tones
from etl.sources.university.text.chinese import CHINESE
from etl.sources.university.text.compose import Spotter, without_skills
from etl.sources.university.text.english import ENGLISH
from schema.vocabulary import VOCABULARY
from tests.etl.university.conftest import TINY, table


@given(st.integers(1, 40), st.data())
def test_tones_keep_their_sum(count: int, data: st.DataObject) -> None:
    """Catches a spread of tones that changes the mood of a month, or leaves -2 .. 2."""
    total = data.draw(st.integers(-2 * count, 2 * count))
    found = spread_tones(total, count, draws=Draws(np.random.default_rng(count)))
    assert len(found) == count
    assert sum(found) == total
    assert -2 <= min(found) <= max(found) <= 2


def test_every_true_mention_stands_in_its_text(tiny: Manifest) -> None:
    """Catches truth that lists what the text does not say."""
    rows = {row["code"]: row for row in table(tiny.folder, "postings")}
    truth = table(tiny.folder, "truth/mentions")
    for mention in truth:
        row = rows[mention["posting"]]
        text = f"{row['responsibilities']} {row['requirements']}"
        assert not text.strip() or mention["text"].casefold() in text.casefold(), mention
    kinds = {mention["kind"] for mention in truth}
    assert kinds == {"required", "optional", "negated", "unknown"}


def test_mentions_are_aliases_of_their_skill(tiny: Manifest) -> None:
    """Catches a skill mentioned under a name of another, and a made-up one that the vocabulary knows."""
    for mention in table(tiny.folder, "truth/mentions"):
        found = VOCABULARY.find(mention["text"])
        if mention["kind"] == "unknown":
            assert found is None
        else:
            assert found is not None and found.code == mention["skill"]


def test_skills_are_not_looked_up(tiny: Manifest) -> None:
    """Catches texts that use the preferred name always, or a skills column that gives everything away."""
    truth = [mention for mention in table(tiny.folder, "truth/mentions") if mention["kind"] != "unknown"]
    preferred = sum(
        mention["text"] in (VOCABULARY.skills[mention["skill"]].name, VOCABULARY.skills[mention["skill"]].zh)
        for mention in truth
    )
    assert 0.3 < preferred / len(truth) < 0.75
    tagged = sum(bool(row["skills"]) for row in table(tiny.folder, "postings"))
    assert 0.05 < tagged / TINY.postings < 0.2


def test_languages_and_lengths(tiny: Manifest) -> None:
    """Catches a mix of languages other than documented, or texts too short to read or too long to load."""
    rows = table(tiny.folder, "postings")
    assert 0.58 < sum(row["language"] == "zh" for row in rows) / len(rows) < 0.72
    for row in rows:
        text = f"{row['responsibilities']} {row['requirements']}".strip()
        if text:
            words = len(text.split()) if row["language"] == "en" else len(text) / 1.6
            assert 45 <= words <= 185, text
            assert ("\n" not in text) and bool(re.search("[\u4e00-\u9fff]", text)) == (row["language"] == "zh")


def test_copies_are_copies(tiny: Manifest) -> None:
    """Catches an exact duplicate that differs, and a near one that does not."""
    rows = {row["code"]: row for row in table(tiny.folder, "postings")}
    exact = near = 0
    for row in table(tiny.folder, "truth/postings"):
        if row["copy_of"]:
            one, two = dict(rows[row["posting"]]), dict(rows[row["copy_of"]])
            assert one.pop("code") != two.pop("code")
            changed = [column for column in one if one[column] != two[column]]
            exact += changed == []
            near += changed == ["requirements"]
    assert exact == tiny.planted["exact duplicate"] == round(TINY.dirt.exact_duplicates * TINY.postings)
    assert near == tiny.planted["near duplicate"] == round(TINY.dirt.near_duplicates * TINY.postings)


def test_faults_are_spread_evenly(tiny: Manifest) -> None:
    """Catches faults that fall on a few clusters and so bend their series."""
    faults: dict[str, int] = {}
    totals: dict[str, int] = {}
    for row in table(tiny.folder, "truth/postings"):
        totals[row["cluster"]] = totals.get(row["cluster"], 0) + 1
        faults[row["cluster"]] = faults.get(row["cluster"], 0) + bool(row["dirt"])
    mean = sum(faults.values()) / sum(totals.values())
    assert all(abs(faults[cluster] - mean * totals[cluster]) < 6 for cluster in totals)


@pytest.mark.parametrize(("book", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_phrase_books_name_no_skill(book: object, language: str) -> None:
    """Catches a sentence that names a skill by itself: hardly any may be left out for that, no tone may lose all."""
    kept = without_skills(book, language)  # type: ignore[arg-type]
    spotter = Spotter(language)
    for tone, sentences in kept.mood.items():
        assert len(sentences) >= 4, tone
    everything = itertools.chain(*kept.mood.values(), kept.noise, kept.duties, kept.lists, kept.negated, kept.optional)
    assert not [text for text in everything if spotter.names_skill(text)]


def test_tones_share_no_sentence() -> None:
    """Catches a sentence that stands for two moods."""
    for book in (ENGLISH, CHINESE):
        every = [text for sentences in book.mood.values() for text in sentences]
        assert len(set(every)) == len(every)
