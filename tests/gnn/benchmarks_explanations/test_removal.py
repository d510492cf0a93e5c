"""The world without some postings, on a drawn world of which every number is known; and on none."""

import pytest

from cypher.graph import Graph
from cypher.progress import Progress
from gnn import snapshot
from gnn.benchmarks.explanations.changes import without_postings
from gnn.benchmarks.explanations.stored import generation_of
from gnn.config import GapConfig
from gnn.ranking import read_behaviour
from schema.errors import JobError

QUIET = Progress.silent()


@pytest.mark.parametrize("half_life", [None, 365.0])
def test_postings_that_are_removed_are_as_if_they_had_never_been(world, half_life):
    """Would catch demands that still count a removed posting, or lose more than it said, or one that competes."""
    config = GapConfig.plain(least_units=1, half_life=half_life)

    def read():
        found = snapshot.read(world, half_life=half_life, progress=QUIET)
        return found, read_behaviour(world, found, progress=QUIET)

    before, behaviour = read()
    gone = ["p:2", "p:3"]
    less, left = without_postings(world, before, behaviour, gone, config=config)
    world.write("MATCH (p:Job) WHERE p.code IN $codes DETACH DELETE p", codes=gone)
    after, behaviour = read()
    assert less.postings == pytest.approx(after.postings, abs=1e-9)
    assert less.requirements.start.tolist() == after.requirements.start.tolist()
    assert less.requirements.end.tolist() == after.requirements.end.tolist()
    for mine, real in zip(less.requirements.columns, after.requirements.columns, strict=True):
        assert mine == pytest.approx(real, abs=1e-9)
    day = behaviour.day

    def competing(known):
        return [known.openings.codes[place] for place in known.openings.latest(day, 100)]

    assert competing(left) == competing(behaviour)
    assert len(competing(left)) > 0


def test_without_a_generation_it_says_so(empty_graph):
    """Would catch figures about nothing."""
    with Graph(empty_graph) as opened, pytest.raises(JobError, match="gaps"):
        generation_of(opened)
