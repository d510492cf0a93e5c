"""Equation 21: the numbers of an explanation, and sentences that never say what the terms do not."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.explain import HIGH, LEANS, LOW, Explained, Facts, Language, percent, sentences
from schema.delivery import Priority
from schema.derived import DEMAND_CLASSES
from schema.ranking import MATCH_TERMS, TERMS, ScoreWeights, score

shares = st.one_of(st.just(0.0), st.just(1.0), st.just(HIGH), st.just(LOW), st.floats(0.0, 1.0))
values = st.fixed_dictionaries(dict.fromkeys(TERMS, shares) | {"preference": st.floats(-1.0, 1.0)})
weights = st.builds(ScoreWeights, **dict.fromkeys(TERMS, st.sampled_from((0.0, 0.1, 0.3))))
names = st.sampled_from(("SQL", "Talking", "Machine learning"))
facts = st.builds(
    Facts,
    is_job=st.booleans(),
    goal=st.just("Data analyst"),
    lacking=st.lists(st.tuples(names, st.floats(0.01, 1.0)), max_size=4),
    covers=st.lists(names, max_size=3),
    step=st.none() | st.just("Databases I"),
    demand=st.none() | st.sampled_from(DEMAND_CLASSES),
    priority=st.none() | st.sampled_from(Priority),
    closes=st.none() | st.just(date(2024, 6, 14)),
)
gaps = st.just(0.0) | st.floats(0.01, 9.0)

# What a phrase claims, in both languages, of the values of the terms; each holds whenever it is said.
CLAIMS = (
    (r"builds on what you can do|与你已有的能力相衔接", lambda v: v["fit"] >= HIGH),
    (r"builds partly on|与你已有的部分能力", lambda v: LOW <= v["fit"] < HIGH),
    (r"though you hold only|但你只具备", lambda v: v["fit"] < LOW),
    (r"trains what|培养Data analyst所要求的能力", lambda v: v["aim"] >= HIGH),
    (r"trains part of|要求的部分能力", lambda v: LOW <= v["aim"] < HIGH),
    (r"a goal that you stated|你填写的目标", lambda v: v["aim"] >= HIGH),
    (r"often go|常去", lambda v: v["likelihood"] >= HIGH),
    (r"sometimes go|有时去", lambda v: LOW <= v["likelihood"] < HIGH),
    (r"posted lately|发布不久", lambda v: v["freshness"] >= HIGH),
    (r"suits where you stand|适合你目前", lambda v: v["stage"] >= HIGH),
    (r"you chose the like|曾选择过", lambda v: v["preference"] > LEANS),
    (r"you passed over|曾略过", lambda v: v["preference"] < -LEANS),
    (r"seen much of the like|看过许多", lambda v: v["redundancy"] >= HIGH),
    (r"Demand for .* is high|热度高", lambda v: v["heat"] >= HIGH),
    (r"Demand for .* is moderate|热度中等", lambda v: LOW <= v["heat"] < HIGH),
    (r"Demand for .* is low|热度低", lambda v: v["heat"] < LOW),
)


@given(values, weights, st.floats(0.0, 9.0))
def test_the_four_numbers_come_from_the_terms(given_, weighed, gap):
    """Would catch a number of the explanation that is not that of the terms, and terms that miss the score."""
    row = [given_[name] for name in TERMS]
    found = Explained.of(row, weighed, gap=gap)
    assert sum(term.product for term in found.terms) == pytest.approx(score(row, weighed), abs=1e-9)
    assert all(term.product == term.weight * term.value for term in found.terms)
    assert (found.contribution, found.heat, found.gap) == (given_["compensation"], given_["heat"], gap)
    matched = [given_[name] for name in MATCH_TERMS]
    assert min(matched) - 1e-9 <= found.match <= max(matched) + 1e-9 or weighed.match == 0.0


@given(values, weights, gaps, facts, st.sampled_from(Language))
def test_sentences_never_contradict_the_terms(given_, weighed, gap, told, language):
    """Would catch "high demand" where demand is low, a reason that is none, and a share of another term."""
    found = Explained.of([given_[name] for name in TERMS], weighed, gap=gap)
    why, missing, closing, worth = sentences(found, told, language)
    whole = " ".join((why, missing, closing, worth))
    for phrase, holds in CLAIMS:
        if re.search(phrase, whole):
            assert holds(given_), (phrase, given_)
    if told.is_job and (share := re.search(r"(\d+ %)", why)):
        assert share[1] == percent(given_["fit"])
    # Demand is told wherever something is foretold, and only there.
    assert bool(re.search(r"Demand for|热度", worth)) == (told.demand is not None)
    growing = re.search(r"expected to grow|预计(大幅)?增长", worth)
    assert bool(growing) == (told.demand in ("GROWTH", "HIGH_GROWTH"))
    assert bool(re.search(r"expected to fall|预计下降", worth)) == (told.demand == "DECLINE")
    # When to apply is told where it is now or later, and the day wherever it is the reason.
    assert bool(re.search(r"Apply now|请尽快投递", worth)) == (told.priority is Priority.NOW)
    assert bool(re.search(r"then apply|再投递", worth)) == (told.priority is Priority.PREPARE)
    assert ("2024-06-14" in worth) == (told.priority is Priority.NOW and told.closes is not None)
    # Nothing is missing exactly where there is no gap, and then nothing is closed either.
    assert bool(re.search(r"lack nothing|都已具备", missing)) == (gap == 0.0)
    assert bool(re.search(r"no gap|没有需要", closing)) == (gap == 0.0)
    closes = re.search(r"(\d+ %)", closing)
    if closes:
        assert gap > 0.0 and closes[1] == percent(given_["compensation"]) != "0 %"
    if gap > 0.0 and given_["compensation"] > 0.01:
        assert closes or (told.is_job and told.step is None)


@given(values, weights, gaps, facts)
def test_both_languages_say_the_same(given_, weighed, gap, told):
    """Would catch a reason or a number that one language leaves out."""
    found = Explained.of([given_[name] for name in TERMS], weighed, gap=gap)
    english, chinese = (sentences(found, told, language) for language in Language)
    assert len(english) == len(chinese) == 4
    for ours, theirs in zip(english, chinese, strict=True):
        assert ours.endswith(".") and theirs.endswith("。")
        assert re.findall(r"\d+(?:\.\d+)?", ours) == re.findall(r"\d+(?:\.\d+)?", theirs)
    said = [sum(bool(re.search(p, text[0])) for p, _ in CLAIMS[:13]) for text in (english, chinese)]
    assert said[0] == said[1]
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(english))


@given(facts)
def test_the_largest_shortfalls_are_named(told):
    """Would catch names in another order, and more of them than a reader takes in."""
    found = Explained.of([0.5] * len(TERMS), ScoreWeights(), gap=1.0)
    missing = sentences(found, told, Language.EN)[1]
    listed = [f"{name} ({amount:.2f})" for name, amount in told.lacking[:3]]
    assert (", ".join(listed) in missing) if listed else "something is still missing" in missing


def test_the_weightiest_reasons_come_first():
    """Would catch reasons in the order of a table, and a term that counts for nothing but is named."""
    row = [0.9 if name in ("fit", "stage", "likelihood") else 0.0 for name in TERMS]
    weighed = ScoreWeights(fit=0.1, likelihood=0.5, stage=0.3)
    facts_ = Facts(is_job=True, goal="Analyst", demand="STABLE")
    why = sentences(Explained.of(row, weighed, gap=0.0), facts_, Language.EN)[0]
    assert why == (
        "Recommended toward Analyst: students like you often go there, it suits where you stand in your studies, "
        "you hold 90 % of what it asks for."
    )
    unweighed = ScoreWeights(fit=0.1, likelihood=0.0, stage=0.3)
    assert "often" not in sentences(Explained.of(row, unweighed, gap=0.0), facts_, Language.EN)[0]
