"""The page for developers, docs/api.md, against the code."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from graphql import parse, validate

from api.app import SCHEMA
from api.errors import CODES, MOST
from api.feedback import SKEW
from api.recommend.pools import LOOKED_EVERY
from api.recommend.settings import LIVE_DAYS
from api.settings import VARIABLES
from api.types.jobs import LONGEST_HISTORY

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```graphql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
GIVEN = {
    "Chain": {"student": "u:1", "goal": "j:dev"},
    "Student": {"code": "u:1"},
    "Students": {"class": "c:1"},
    "Cluster": {"code": "j:analyst"},
    "Clusters": {"words": "analyst"},
    "Lists": {"words": "analyst", "region": "Shanghai", "kind": "COURSE"},
    "Job": {"code": "p:1"},
    "Others": {"words": "sql", "resource": "r:sql"},
    "Recommendations": {"code": "u:1", "path": "TRAINING"},
    "Excluded": {"code": "u:1", "path": "JOB", "region": "Shanghai"},
    "Plan": {"code": "u:1", "goal": "j:dev"},
    "Evidence": {"code": "u:1", "capability": "k:data"},
    "Feedback": {"student": "u:1", "item": "p:2", "kind": "VIEW", "key": "k1"},
    "Withdraw": {"student": "u:1", "key": "k1"},
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("(")[0].split()[1])
def test_every_query_of_the_page_runs(world, ask, query):
    """Would catch an example that a reader copies and that fails, or finds nothing on a graph that has it."""
    assert validate(SCHEMA._schema, parse(query)) == []
    data = ask(query, **GIVEN[query.split("(")[0].split()[1]])
    assert all(data.values())


def test_the_page_shows_every_entry_point():
    """Would catch an entry point that nobody learns of; these three are alike to others that are shown."""
    shown = {name for query in QUERIES for name in re.findall(r"^  (\w+)\b", query, re.MULTILINE)}
    assert set(SCHEMA._schema.query_type.fields) - shown == {"employer", "classGroup", "skill"}
    assert set(SCHEMA._schema.mutation_type.fields) <= shown


def test_the_page_tells_every_gate_and_action():
    """Would catch a hard condition or an action that nobody learns of."""
    for name in ("GateKind", "FeedbackKind", "RecommendationPath", "Language"):
        assert [each for each in SCHEMA._schema.type_map[name].values if f"`{each}`" not in PAGE] == []


def test_the_page_names_the_limits_of_feedback_and_snapshots():
    """Would catch a duration that was changed in the code only."""
    assert timedelta(minutes=5) == SKEW and "more than five minutes ahead is refused" in PAGE
    assert LIVE_DAYS == 7 and "more\nthan a week before its generation was made" in PAGE
    assert LOOKED_EVERY == 1.0 and "looked for every second" in PAGE


def test_the_page_names_codes_limits_and_variables():
    """Would catch an error code, a limit or a variable that was changed in the code only."""
    for code, meaning in CODES:
        assert f"| `{code}` | {meaning} |" in PAGE
    assert f"`first` is 0 to {MOST}, `history(last:)` 0 to {LONGEST_HISTORY}" in PAGE
    for name, default, _ in VARIABLES:
        assert f"`{name}`" in PAGE
        assert f"Port {default}" in PAGE
