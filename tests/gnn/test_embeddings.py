"""Embeddings: written, read back exactly, never mixed, and searchable again after a write that was killed."""

import numpy as np
import pytest

from cypher import migrate, vectors
from cypher.graph import Graph
from cypher.progress import Progress
from gnn.snapshot import read_embeddings
from gnn.writeback import embeddings, write_embeddings
from schema.errors import JobError, QueryError

SILENT = Progress.silent()
COUNT = 150


@pytest.fixture
def skills(graph, monkeypatch):
    """Skills in a graph, and writes in batches of forty."""
    monkeypatch.setattr(embeddings, "BATCH", 40)
    graph.write("UNWIND range(1, $n) AS n CREATE (:Skill {code: 's:' + n})", n=COUNT)
    return graph


def drawn(seed, count=COUNT):
    """Return codes, not in order, and a random matrix."""
    codes = [f"s:{number}" for number in range(count, 0, -1)]
    return codes, np.random.default_rng(seed).normal(size=(count, 128)).astype(np.float32)


def write(graph, seed, **options):
    """Write random embeddings of a generation named by the seed."""
    codes, matrix = drawn(seed)
    return write_embeddings(graph, "Skill", codes, matrix, generation=f"fc:{seed}", progress=SILENT, **options)


def seen(graph, **options):
    """Return embeddings by code."""
    codes, matrix = read_embeddings(graph, "Skill", progress=SILENT, **options)
    assert list(codes) == sorted(codes)
    return {code: row.tolist() for code, row in zip(codes, matrix, strict=True)}


def test_what_was_written_is_read_back_exactly(skills):
    """Would catch rows that slip between blocks, and numbers that lose precision beyond 32 bits."""
    write(skills, 1)
    codes, matrix = drawn(1)
    assert seen(skills) == dict(zip(codes, matrix.tolist(), strict=True))
    rows = skills.read("MATCH (s:Skill) RETURN s.code AS code, s.embedding AS vector, s.embeddingGeneration AS g")
    assert {row["code"]: row["vector"] for row in rows} == seen(skills)
    assert {row["g"] for row in rows} == {"fc:1"}


def test_the_index_answers_with_the_new_vectors(skills):
    """Would catch an index that is left dropped, half filled, or filled with what was there before."""
    write(skills, 1)
    write(skills, 2)
    assert not [each for each in migrate.verify(skills) if each.name == vectors.index("Skill").name]
    codes, matrix = drawn(2)
    found = skills.read(
        "CALL db.index.vector.queryNodes('skill_embedding', 5, $vector) YIELD node, score "
        "RETURN node.code AS code, score",
        vector=matrix[7].tolist(),
    )
    assert found[0]["code"] == codes[7] and found[0]["score"] == pytest.approx(1.0, abs=1e-3)


class Dying(Graph):
    """The real graph of a process that dies after so many writes."""

    left = 2

    def write(self, query, /, **parameters):
        """Write, until it is over."""
        if self.left <= 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().write(query, **parameters)


def test_a_write_that_died_is_taken_up_where_it_was(skills, connection):
    """Would catch two generations that are handed out as one matrix, and an index that nobody makes again."""
    write(skills, 1)
    codes, matrix = drawn(2)
    with Dying(connection) as dying, pytest.raises(KeyboardInterrupt):
        write_embeddings(dying, "Skill", codes, matrix, generation="fc:2", progress=SILENT)
    with pytest.raises(JobError, match=r"fc:1, fc:2"):
        read_embeddings(skills, "Skill", progress=SILENT)
    old, new = seen(skills, generation="fc:1"), seen(skills, generation="fc:2")
    assert 0 < len(new) < COUNT and len(old) + len(new) == COUNT
    assert all(dict(zip(codes, matrix.tolist(), strict=True))[code] == row for code, row in new.items())
    report = write(skills, 2)
    assert (report.written, report.passed_over) == (len(old), len(new))
    assert seen(skills) == dict(zip(codes, matrix.tolist(), strict=True))
    assert not [each for each in migrate.verify(skills) if each.name == vectors.index("Skill").name]


def test_an_update_writes_what_it_is_given_and_no_more(skills):
    """Would catch an update that wipes or keeps what it should not, or that drops the index for a few vectors."""
    write(skills, 1)
    codes, matrix = drawn(3, count=4)
    options = {"generation": "fc:1", "again": True, "complete": False, "progress": SILENT}
    report = write_embeddings(skills, "Skill", codes, matrix, **options)
    assert (report.written, report.forgotten, report.seconds_indexing) == (4, 0, 0.0)
    expected = dict(zip(*map(list, drawn(1)), strict=True)) | dict(zip(codes, matrix, strict=True))
    assert seen(skills) == {code: row.tolist() for code, row in expected.items()}


def test_vectors_of_nodes_that_dropped_out_are_forgotten(skills):
    """Would catch vectors of an old model that stay in the index and are compared with those of the new one."""
    write(skills, 1)
    codes, matrix = drawn(2, count=100)
    report = write_embeddings(skills, "Skill", codes, matrix, generation="fc:2", progress=SILENT)
    assert report.forgotten == 50
    assert set(seen(skills)) == set(codes)


def test_vectors_without_a_direction_are_refused(skills):
    """Would catch a zero or an infinity, which the index refuses in the middle of a write."""
    codes, matrix = drawn(1)
    for bad in (0.0, np.inf, np.nan):
        broken = matrix.copy()
        broken[3] = bad
        with pytest.raises(JobError, match="s:147"):
            write_embeddings(skills, "Skill", codes, broken, generation="fc:1", progress=SILENT)
    with pytest.raises(JobError, match=r"\(150, 64\)"):
        write_embeddings(skills, "Skill", codes, matrix[:, :64], generation="fc:1", progress=SILENT)
    with pytest.raises(QueryError, match="Major"):
        read_embeddings(skills, "Major", progress=SILENT)
    assert seen(skills) == {}
