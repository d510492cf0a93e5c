"""Common words: what the postings of most clusters use alike."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.channels.text.corpus import Corpus
from gnn.channels.text.tokens import Tokens
from gnn.channels.text.words import common, spread

PAD, SHARED, FIRST, SECOND, UNSEEN = range(5)


def postings(texts: list[list[int]], cluster: list[int]) -> tuple[Corpus, Tokens]:
    """Postings without anything but tokens and clusters."""
    size = len(texts)
    corpus = Corpus(
        codes=tuple(f"p{place}" for place in range(size)),
        texts=("",) * size,
        cluster=np.array(cluster),
        month=np.zeros(size, dtype=np.int64),
        skill_offsets=np.zeros(size + 1, dtype=np.int64),
        skill_places=np.zeros(0, dtype=np.int64),
        skills=0,
        numbers=np.zeros((size, 0)),
        categories=np.zeros((size, 0), dtype=np.int64),
        category_sizes=(),
    )
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64)
    return corpus, Tokens(np.array([token for text in texts for token in text], dtype=np.int32), offsets, PAD, (PAD,))


def test_words_of_one_cluster_are_not_common() -> None:
    """Catches counts that are not held against the size of a cluster, and postings that should not be counted."""
    texts = [[SHARED, FIRST, FIRST]] * 6 + [[SHARED, SECOND]] * 2 + [[FIRST, SECOND]]
    corpus, tokens = postings(texts, [0] * 6 + [1] * 2 + [1])
    found = spread(corpus, tokens, among=np.arange(8), vocabulary=5)
    assert np.allclose(found, [0.0, 1.0, 0.5, 0.5, 0.0])
    chosen = common(corpus, tokens, among=np.arange(8), vocabulary=5, breadth=0.6)
    assert chosen.tolist() == [False, True, False, False, False]


def test_where_no_word_is_common_all_are() -> None:
    """Catches an encoder that sees nothing where every cluster has its own language."""
    corpus, tokens = postings([[FIRST], [SECOND]], [0, 1])
    assert common(corpus, tokens, among=np.arange(2), vocabulary=5, breadth=0.9).all()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.lists(st.integers(1, 4), max_size=5), st.integers(0, 3)), min_size=1, max_size=20))
def test_spread_lies_between_one_cluster_and_all(rows: list[tuple[list[int], int]]) -> None:
    """Catches a spread that is no share, or that changes with the order of postings."""
    corpus, tokens = postings([text for text, _ in rows], [cluster for _, cluster in rows])
    found = spread(corpus, tokens, among=np.arange(len(rows)), vocabulary=5)
    clusters = len({cluster for _, cluster in rows})
    used = {token for text, _ in rows for token in text}
    for token in range(5):
        assert (1 / clusters - 1e-9 <= found[token] <= 1 + 1e-9) if token in used else found[token] == 0
    turned, other = postings([text for text, _ in rows[::-1]], [cluster for _, cluster in rows[::-1]])
    assert np.allclose(found, spread(turned, other, among=np.arange(len(rows)), vocabulary=5))
