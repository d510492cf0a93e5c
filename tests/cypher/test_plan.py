"""Plans in TOML."""

import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cypher.plan import PlanStep, read
from schema.errors import PlanError

# What TOML takes in a quoted string, as JSON writes it; braces often.
WORDS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x7f") | st.sampled_from("{}"), max_size=9
)
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=5)


def quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False)


def write(folder: Path, text: str) -> Path:
    """A plan in a folder of its own."""
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


@settings(deadline=None, max_examples=60)
@given(
    steps=st.lists(st.lists(WORDS | NAMES.map("path {}".format), min_size=1, max_size=4), min_size=1, max_size=3),
    names=st.sets(NAMES, min_size=1, max_size=3),
)
def test_words_arrive_as_written(tmp_path_factory, steps, names):
    """Catches braces, quotes or paths that are changed on the way to the command."""
    folder = tmp_path_factory.mktemp("größe plan")
    known = sorted(names)
    lines = ["[paths]"]
    for name in known:
        (folder / name).touch()
        lines.append(f"{name} = {quoted(name)}")
    expected = []
    for words in steps:
        written, meant = [], []
        for number, word in enumerate(words):
            name = known[number % len(known)]
            written.append(f"{{{name}}}" + word.replace("{", "{{").replace("}", "}}"))
            meant.append(f"{folder / name}{word}")
        lines += ["[[step]]", f"run = [{', '.join(quoted(word) for word in written)}]"]
        expected.append(tuple(meant))
    assert [step.run for step in read(write(folder, "\n".join(lines))).steps] == expected


@given(WORDS)
@settings(deadline=None, max_examples=100)
def test_any_word_is_read_or_refused_with_its_step(tmp_path_factory, word):
    """Catches a brace in a word that ends in a traceback."""
    path = write(tmp_path_factory.mktemp("plan"), f"[[step]]\nrun = ['load', {quoted(word)}]")
    try:
        (step,) = read(path).steps
    except PlanError as error:
        assert error.where == f"{path}: step 1"
        assert "{" in word or "}" in word
    else:
        assert step.run[1] == word.replace("{{", "{").replace("}}", "}")


def test_titles_and_conditions(tmp_path):
    """Catches a step that shows no title, and a condition that gets lost."""
    plan = read(
        write(
            tmp_path,
            'title = "Mine"\n[[step]]\ntitle = "Gaps"\nrun = ["gaps"]\nunless = "audit/has-generation"\n'
            '[[step]]\nrun = ["query", "list"]\n',
        )
    )
    assert plan.title == "Mine"
    assert plan.steps == (
        PlanStep("Gaps", ("gaps",), "audit/has-generation"),
        PlanStep("query list", ("query", "list")),
    )
    assert read(write(tmp_path, '[[step]]\nrun = ["gaps"]')).title == "plan"


def test_paths_are_relative_to_the_plan(tmp_path, monkeypatch):
    """Catches a plan that only works in the folder where it lies."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.chdir("/")
    plan = read(write(tmp_path / "plans", '[paths]\ndata = "../data"\n[[step]]\nrun = ["load", "{data}"]'))
    assert Path(plan.steps[0].run[1]).samefile(tmp_path / "data")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("= 1", r"plan\.toml: .*a plan in TOML"),
        ("", "at least one step"),
        ("step = []", "at least one step"),
        ("step = 3", "at least one step"),
        ('[step]\nrun = ["gaps"]', "at least one step"),
        ('steps = []\n[[step]]\nrun = ["gaps"]', "keys steps"),
        ('paths = "x"\n[[step]]\nrun = ["gaps"]', r"a table \[paths\]"),
        ('[paths]\na = 1\n[[step]]\nrun = ["gaps"]', "paths.a: 1; expected a path in quotes"),
        ('[paths]\na = "nowhere"\n[[step]]\nrun = ["gaps"]', "nowhere is not there; expected the path of your own"),
        ('[[step]]\nrun = ["gaps"]\n[[step]]\nrun = ["load", "{a}"]', "step 2: {a}; expected one of no paths at all"),
        ('[paths]\na = "."\n[[step]]\nrun = ["{a!r}"]', "step 1: {a}; expected one of a"),
        ('[paths]\na = "."\n[[step]]\nrun = ["{a.parent}"]', r"step 1: {a\.parent}"),
        ('[paths]\na = "."\n[[step]]\nrun = ["{a"]', r"step 1: '\{a': expected '}'"),
        ('[[step]]\nrun = "gaps"', "a list of words"),
        ("[[step]]\nrun = []", "a list of words"),
        ('[[step]]\nrun = ["load", 3]', "a list of words"),
        ('[[step]]\nruns = ["gaps"]', "title, run and unless"),
    ],
)
def test_what_is_refused(tmp_path, text, message):
    """Catches a plan that fails after an hour of loading for what could be seen at its start."""
    with pytest.raises(PlanError, match=message) as caught:
        read(write(tmp_path, text))
    assert caught.value.where.startswith(str(tmp_path / "plan.toml"))


def test_files_that_cannot_be_read(tmp_path):
    """Catches a traceback for a missing file, a folder, and another encoding."""
    (tmp_path / "latin.toml").write_bytes('title = "Gr\u00f6\u00dfe"'.encode("latin-1"))
    for name, message in (("no.toml", "No such file"), (".", "directory"), ("latin.toml", "a plan in TOML")):
        with pytest.raises(PlanError, match=message):
            read(tmp_path / name)


def test_the_example_is_a_plan():
    """Catches an example that a stranger cannot run once its paths are there."""
    path = Path(__file__).parents[2] / "examples" / "real.toml"
    try:
        words = [step.run[:2] for step in read(path).steps]
    except PlanError as error:
        # Without the data beside the checkout its first path is missing, and nothing else is wrong.
        assert error.where.endswith("paths.esco")
        pytest.skip("the real data is not here: ../shared/data beside the checkout")
    assert words[:5] == [("load", "esco"), ("load", "onet"), ("load", "usajobs"), ("load", "oulad"), ("gaps",)]
