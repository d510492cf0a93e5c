"""Rows that are new, changed, unchanged, repeated or in conflict: what the sorter says, and what it keeps of them."""

import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from etl.records import Draft, Held, HeldDraft
from etl.register import Keys, Register, hashes
from etl.report import PassReport
from etl.sorter import Sorter
from etl.targets import Known

KEYS = st.text("abc", min_size=1, max_size=2)


def register(rows):
    """A register that has taken up rows in the chunks given."""
    made = Register()
    for chunk in rows:
        keys, digests, marks = zip(*chunk, strict=True) if chunk else ((), (), ())
        made.add(hashes(keys), hashes(digests), np.array(marks, np.uint32))
    return made


@given(st.lists(st.tuples(KEYS, KEYS, st.integers(0, 2**32 - 1)), unique_by=lambda row: row[0]), st.data())
def test_a_register_finds_what_it_took_up(rows, data):
    """Would catch rows that are lost or mixed up when runs are merged."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    made = register(rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True))
    held = {key: (hash(value), mark) for key, value, mark in rows}
    asked = [*held, "not there", "nor this"]
    found = made.find(hashes(asked))
    assert len(made) == len(rows)
    assert found.known.tolist() == [key in held for key in asked]
    assert list(zip(found.digests.tolist(), found.marks.tolist(), strict=True)) == [
        held.get(key, (0, 0)) for key in asked
    ]


@given(st.sets(KEYS), st.sets(KEYS))
def test_missing_keys_are_noticed(known, seen):
    """Would catch a full export that closes nothing, or one that asks the graph in vain each time."""
    left, right = ([(key, "", 0) for key in keys] for keys in (known, seen))
    assert Register.of(left).any_missing(Register.of(right), mark=0) == bool(known - seen)
    assert not Register.of(left).any_missing(Register.of(right), mark=1)
    assert {key for key in known | seen if key in Keys(known)} == known


def test_a_row_costs_few_bytes():
    """Would catch a sorter that keeps keys or digests as text: then a long file would not fit into memory."""
    count = 100_000
    sorter = Sorter([], {}, PassReport("t"))
    tracemalloc.start()
    for start in range(0, count, 1_000):
        sorter.sort([Draft(f"source:{number}", f"{number:024x}", None) for number in range(start, start + 1_000)])
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / count < 40


def plain(drafts, known, held):
    """The same with dictionaries, row by row."""
    counts = dict.fromkeys(("read", "repeated", "unchanged", "still_held", "settled"), 0)
    result, seen = [], {}

    def judge(draft):
        if draft.key in seen:
            value, line = seen[draft.key]
            if value == draft.digest:
                counts["read"] += 1
                counts["repeated"] += 1
                return
            reason = Held(f"{draft.key} stands in line {line} with other content", "conflict")
            judge(HeldDraft(f"{draft.key}@{draft.line}", reason, draft.digest, "", draft.line, ""))
            return
        counts["read"] += 1
        seen[draft.key] = draft.digest, draft.line
        before = held.get(draft.key)
        if known.get(draft.key) == (draft.digest, False):
            counts["unchanged"] += 1
            counts["settled"] += before is not None and not before[1]
        elif before is not None and before == (Known(draft.digest, False), False):
            counts["still_held"] += 1
        else:
            result.append((draft.key, draft.key in known, draft.held if isinstance(draft, HeldDraft) else None))

    for draft in drafts:
        judge(draft)
    return result, counts


@given(
    st.lists(st.tuples(KEYS, st.sampled_from("xy"), st.booleans()), max_size=30),
    st.dictionaries(KEYS, st.tuples(st.sampled_from("xy"), st.booleans())),
    st.dictionaries(KEYS, st.tuples(st.sampled_from("xy"), st.booleans())),
    st.integers(1, 5),
)
def test_rows_are_told_apart_as_dictionaries_would(rows, known, held, size):
    """Would catch a row that depends on the chunk it came in, and one that is counted twice or not at all."""
    drafts = [
        HeldDraft(key, Held("bad", "bad"), value, "", line, "") if bad else Draft(key, value, None, "", line, "")
        for line, (key, value, bad) in enumerate(rows, 2)
    ]
    before = {key: (Known(value, False), free) for key, (value, free) in held.items()}
    report = PassReport("t")
    sorter = Sorter([(key, value, closed) for key, (value, closed) in known.items()], before, report)
    found = [each for start in range(0, len(drafts), size) for each in sorter.sort(drafts[start : start + size])]
    expected, counts = plain(drafts, known, before)
    assert [(each.draft.key, each.known, each.reason) for each in found] == expected
    assert {name: getattr(report, name) for name in counts} == counts
    gone = [(key, value) for key, (value, closed) in known.items() if not closed and key not in {d.key for d in drafts}]
    states = [(key, value, closed) for key, (value, closed) in known.items()]
    assert sorter.missing(states) == gone
    assert sorter.misses == bool(gone)
