"""Training in several processes: two that share the rows reach what one reaches with all of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gnn.parallel import Ranks, first
from tests.gnn.together import fitted

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """What two processes came to, as the first and the second hold it."""
    path = tmp_path_factory.mktemp("together") / "found.json"
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*torchrun, "-m", "tests.gnn.together", str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(each.read_text(encoding="utf-8")) for each in (path, path.with_suffix(".other"))]


@pytest.fixture(scope="module")
def one() -> dict:
    """What one process comes to."""
    return fitted(Ranks())


@pytest.mark.parametrize("kind", ["whole", "batches"])
def test_two_processes_reach_the_losses_of_one(one: dict, two: list[dict], kind: str) -> None:
    """Catches losses normalised by each process alone, pairs lost across processes, gradients that are not added."""
    found = two[0][1][kind]
    for name in ("fit", "check", "change"):
        assert found[name] == pytest.approx(one[kind][name], abs=1e-3)
    assert found["best"] == one[kind]["best"]
    assert found["tau"] == pytest.approx(one[kind]["tau"], abs=1e-2)
    assert found["fit"][-1] < found["fit"][0] - 0.05


def test_with_dropout_they_learn_too(two: list[dict]) -> None:
    """Catches processes whose dropout pulls them apart, so that nothing is learned."""
    found = two[0][1]["dropout"]
    assert found["fit"][-1] < found["fit"][0] - 0.1


def test_both_processes_end_with_the_same_model(two: list[dict]) -> None:
    """Catches weights that differ between processes: each must foretell and stop as the other."""
    for kind, found in two[0][1].items():
        other = two[1][1][kind]
        assert (found["fit"], found["check"], found["best"]) == (other["fit"], other["check"], other["best"])
        assert found["weights"] == other["weights"]
    assert two[1][0] == two[0][1]  # what the first tells the others


def test_no_thread_of_the_group_is_left(two: list[dict]) -> None:
    """Catches a group that something still holds: its threads abort the process now and then when it ends."""
    for found in two:
        assert [each for each in found[2] if "gloo" in each] == []


def test_shares_hold_every_row_once() -> None:
    """Catches a row that no process takes."""
    for count, size in ((7, 3), (2, 2), (100, 7)):
        held = [place for rank in range(size) for place in range(count)[Ranks(rank, size).share(count)]]
        assert held == list(range(count))


def test_alone_nothing_is_asked_of_others() -> None:
    """Catches a call of torch.distributed without a group."""
    part = torch.randn(3, 2, requires_grad=True)
    ranks = Ranks()
    assert ranks.whole(part, count=3) is part
    assert ranks.told("code") == "code"
    assert torch.equal(ranks.total(part), part)
    assert first()
