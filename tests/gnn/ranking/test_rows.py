"""Lists as rows of the write-back queries."""

import numpy as np

from gnn.ranking.lists import Lists
from gnn.writeback.recommendations import lead_rows, list_rows
from tests.gnn.ranking.worlds import draw


def test_rows_hold_every_item_of_every_student_in_order():
    """Would catch an item that is written to another student, and a chunk without lists that stops the job."""
    drawn = draw(1, actions=40)
    found = drawn.ranker()
    lists = found.lists(found.standing(np.arange(8), drawn.abilities))
    jobs = lists.where(lists.path == 0)
    names = {"students": drawn.world.students, "clusters": drawn.world.clusters}
    rows = list(list_rows(jobs, items=drawn.behaviour.openings.codes, **names))
    flat = [(row["student"], item, rank) for row in rows for item, rank in zip(row["items"], row["ranks"], strict=True)]
    codes, students = drawn.behaviour.openings.codes, drawn.world.students
    expected = zip(jobs.student.tolist(), jobs.item.tolist(), jobs.rank.tolist(), strict=True)
    assert flat == [(students[student], codes[item], rank) for student, item, rank in expected]
    assert all(len(set(map(len, list(row.values())[1:]))) == 1 for row in rows)
    assert list(list_rows(Lists.none(), items=(), **names)) == []


def test_majors_lead_to_every_cluster():
    """Would catch the row of students without a major that is written to some major."""
    rows = list(lead_rows(np.array([[0.25, 0.75], [0.5, 0.5]]), majors=("m",), clusters=("a", "b")))
    assert rows == [{"major": "m", "items": ["a", "b"], "shares": [0.25, 0.75]}]
    assert list(lead_rows(np.zeros((2, 0)), majors=("m",), clusters=())) == []
