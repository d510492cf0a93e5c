"""The environment, read once and typed."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cypher
from cypher.settings import SCHEMES, VARIABLES, Secret, Settings, machine_memory
from schema.errors import SettingsError

ELSEWHERE = {"NEO4J_URI": "neo4j+s://graph.example:7687", "NEO4J_PASSWORD": "open sesame"}


class Recorder(Mapping[str, str]):
    """An environment that remembers what was looked up."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given, self.asked = given, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)


def test_table_lists_what_is_read() -> None:
    """Catches a variable that is read and not documented, or documented and not read."""
    recorder = Recorder(ELSEWHERE)
    Settings.from_environment(recorder)
    assert recorder.asked - {"XDG_CACHE_HOME", "XDG_DATA_HOME"} == {variable.name for variable in VARIABLES}


def test_only_settings_reads_the_environment() -> None:
    """Catches a second place that reads the environment, which the table would not list."""
    readers = {
        path.name
        for path in Path(cypher.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"))
        or (isinstance(node, ast.alias) and node.name in ("environ", "getenv"))
    }
    assert readers == {"settings.py"}


def test_defaults(tmp_path: Path) -> None:
    """Catches defaults that differ from the table, and stores that would lie in the cache."""
    settings = Settings.from_environment({"XDG_CACHE_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")})
    assert settings.embedded and settings.uri is None and settings.password is None
    assert (settings.cache, settings.home) == (tmp_path / "c" / "fullcycle", tmp_path / "d" / "fullcycle")
    table = {variable.name: variable.default for variable in VARIABLES}
    assert str(settings.bolt_port) == table["FULLCYCLE_BOLT_PORT"]
    assert str(settings.http_port) == table["FULLCYCLE_HTTP_PORT"]
    assert f"{settings.start_deadline:.0f}" == table["FULLCYCLE_START_DEADLINE"]
    assert (settings.username, settings.database) == (table["NEO4J_USERNAME"], table["NEO4J_DATABASE"])
    without = Settings.from_environment({"HOME": str(tmp_path)})
    assert without.cache == Path("~/.cache/fullcycle").expanduser()
    assert without.home == Path("~/.local/share/fullcycle").expanduser()
    assert 512 <= settings.heap <= 2048 and 128 <= settings.pagecache <= 1024
    assert settings.heap <= max(512, machine_memory() // 4)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_server_of_the_user(scheme: str) -> None:
    """Catches a documented scheme that is refused, and credentials that are not taken over."""
    given = {
        "NEO4J_URI": f"{scheme}://graph.example",
        "NEO4J_USERNAME": "ann",
        "NEO4J_PASSWORD": "",
        "NEO4J_DATABASE": "x",
    }
    settings = Settings.from_environment(given)
    assert not settings.embedded
    assert (settings.uri, settings.username, settings.database) == (f"{scheme}://graph.example", "ann", "x")
    assert settings.password == Secret("")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEO4J_URI", "http://graph.example"),
        ("NEO4J_URI", "graph.example:7687"),
        ("NEO4J_URI", "bolt://"),
        ("NEO4J_URI", "bolt://graph.example:70000"),
        ("FULLCYCLE_BOLT_PORT", "0"),
        ("FULLCYCLE_BOLT_PORT", "65536"),
        ("FULLCYCLE_BOLT_PORT", "bolt"),
        ("FULLCYCLE_HTTP_PORT", "-1"),
        ("FULLCYCLE_HTTP_PORT", "7687"),
        ("FULLCYCLE_HTTP_PORT", "٧"),
        ("FULLCYCLE_HEAP", "2"),
        ("FULLCYCLE_HEAP", "10m"),
        ("FULLCYCLE_HEAP", "2 GB"),
        ("FULLCYCLE_PAGECACHE", "a lot"),
        ("FULLCYCLE_START_DEADLINE", "soon"),
        ("FULLCYCLE_START_DEADLINE", "0"),
        ("FULLCYCLE_CACHE", __file__),
        ("FULLCYCLE_HOME", __file__),
        ("FULLCYCLE_CACHE", "a:b"),
    ],
)
def test_wrong_values(name: str, value: str) -> None:
    """Catches a wrong value that is taken, or an error that does not say which variable and what to write."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"NEO4J_PASSWORD": "", name: value})
    assert caught.value.where == name
    assert value in caught.value.given
    assert caught.value.expected


def test_uri_needs_a_password() -> None:
    """Catches a forgotten password that shows only as a refused login later."""
    with pytest.raises(SettingsError, match="NEO4J_PASSWORD: not set"):
        Settings.from_environment({"NEO4J_URI": "bolt://graph.example"})


def test_credentials_in_uri_are_refused_and_not_shown() -> None:
    """Catches a password that leaks into an error message."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"NEO4J_URI": "bolt://ann:open@sesame@graph.example", "NEO4J_PASSWORD": ""})
    assert "sesame" not in str(caught.value) and "NEO4J_PASSWORD" in caught.value.expected


@given(st.text(min_size=4).filter(lambda text: text not in "Secret('***')"))
def test_secret_hides(text: str) -> None:
    """Catches a secret that shows in repr, str, a format, or the repr of what holds it."""
    secret = Secret(text)
    settings = Settings.from_environment({**ELSEWHERE, "NEO4J_PASSWORD": text})
    assert secret.reveal() == text
    assert secret == Secret(text) and secret != Secret(text + "x") and secret != text
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}"):
        assert text not in shown
    assert "password=Secret('***')" in repr(settings)


@given(st.integers(256, 999_999), st.sampled_from("mMgG"))
def test_memory_amounts(amount: int, unit: str) -> None:
    """Catches a heap that is off by a factor of 1024 or depends on the case of the unit."""
    settings = Settings.from_environment({"FULLCYCLE_HEAP": f"{amount}{unit}"})
    assert settings.heap == amount * (1024 if unit.lower() == "g" else 1)
