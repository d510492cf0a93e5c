"""Reading a log of interactions: every good row counts, every bad one is held back with its line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnn.benchmarks.recommend.interactions import read_log
from schema.errors import InputError

NAME = st.text("abcXYZ0189äé学生", min_size=1, max_size=5)
BAD = st.sampled_from(["u,i", ",i,5", "u,,5", "u,i,soon", "u,i,nan", "u,i,inf", "u,i,5,more", "u,i,2024-01-01"])
ROWS = st.lists(
    st.one_of(st.tuples(NAME, NAME, st.integers(0, 10**9)).map(lambda row: (True, row)), BAD.map(lambda r: (False, r))),
    min_size=1,
    max_size=20,
)


@given(ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_good_rows_count_and_bad_ones_are_held(tmp_path: Path, rows: list) -> None:
    """Catches a bad row that ends the reading, is dropped without a word, or is given the wrong line."""
    good = [row for fine, row in rows if fine]
    # The first row says that times are numbers.
    rows = [(True, ("first", "item", 7)), *rows]
    good.insert(0, ("first", "item", 7))
    text = "user,item,time\n" + "\n".join(",".join(map(str, row)) if fine else row for fine, row in rows) + "\n"
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    log = read_log(path)
    assert [each.line for each in log.held] == [place + 2 for place, (fine, _) in enumerate(rows) if not fine]
    assert log.rows == len(rows)
    first: dict[tuple[str, str], int] = {}
    for user, item, at in good:
        first[user, item] = min(at, first.get((user, item), at))
    steps = zip(log.user.tolist(), log.item.tolist(), log.at.tolist(), strict=True)
    assert {(log.users[user], log.items[item]): at for user, item, at in steps} == first
    assert log.at.tolist() == sorted(log.at.tolist())


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("user_id;movie_id;rating;timestamp", "1;2;5;964982703"),
        ("Student\tResource\tWhen", "1\t2\t964982703"),
        ("\ufeffsession-id,product id,ts", "1,2,964982703000"),
    ],
)
def test_heads_and_separators(tmp_path: Path, head: str, row: str) -> None:
    """Catches a head that is common and not known, a byte order mark, and milliseconds."""
    path = tmp_path / "log.csv"
    path.write_text(f"{head}\r\n{row}\r\n", encoding="utf-8")
    log = read_log(path)
    assert (log.users, log.items, log.at.tolist(), log.held) == (("1",), ("2",), [964982703.0], ())


def test_dates_and_what_is_no_text(tmp_path: Path) -> None:
    """Catches a local time zone, and a line in another encoding that spoils the others."""
    path = tmp_path / "log.csv"
    path.write_bytes("user,item,at\na,b,2024-03-01\nä,b,2024-03-02T08:00:00+08:00\n".encode() + b"\xe4,b,2024-03-03\n")
    log = read_log(path)
    assert log.at.tolist() == [
        datetime(2024, 3, 1, tzinfo=UTC).timestamp(),
        datetime(2024, 3, 2, tzinfo=UTC).timestamp(),
    ]
    assert [(each.line, each.reason) for each in log.held] == [(4, "no UTF-8")]
    assert log.rows == 3


@pytest.mark.parametrize("text", ["", "user,item\n1,2\n", "user,item,time\n", "user,item,time\n1,2,never\n"])
def test_nothing_to_read_is_said(tmp_path: Path, text: str) -> None:
    """Catches an empty result where the file is of another kind."""
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_log(path)
