"""LightGCN, with PyTorch Geometric."""

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import block_array, csr_array
from torch_geometric.nn.models import LightGCN

from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.ranker import Collaborative, columns


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """How LightGCN is trained.

    Arguments:
        size: of a vector, >= 1.
        layers: >= 1.
        steps: each over `batch` pairs, with one drawn item that was not asked for a pair, >= 1.
        rate: of Adam, above 0.
        decay: weight of the squared vectors, >= 0.
        batch: pairs drawn for a step, >= 1; all of them where there are no more, or where it is 0.
    """

    size: int = 64
    layers: int = 2
    steps: int = 30
    rate: float = 0.03
    decay: float = 1e-4
    batch: int = 0


def embed(seen: csr_array, settings: GraphSettings, *, seed: int) -> tuple[Floats, Floats]:
    """Return vectors of users and items.

    Source: He et al., "LightGCN", SIGIR 2020; trained with the Bayesian personalised ranking loss.

    Arguments:
        seen: above 0 where a user used an item. [users, items]
        settings: see there.
        seed: of the start and the draws.
    """
    users, items = seen.shape
    pairs = seen.tocoo()
    user, item = torch.as_tensor(pairs.row.astype(np.int64)), torch.as_tensor(pairs.col.astype(np.int64)) + users
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(seed)
        # The graph is normalised once, here, and not in every step.
        model = LightGCN(users + items, settings.size, settings.layers, normalize=False)
        adjacency = _normalised(seen)
    optimiser = torch.optim.Adam(model.parameters(), lr=settings.rate)
    for _ in range(settings.steps if len(user) else 0):
        asked, taken, nodes = user, item, None
        if 0 < settings.batch < len(user):
            kept = torch.randint(len(user), (settings.batch,), generator=generator)
            asked, taken = user[kept], item[kept]
            nodes = torch.cat([asked, taken]).unique()
        drawn = torch.randint(users, users + items, (len(asked),), generator=generator)
        vectors = model.get_embedding(adjacency)
        # index_select adds up its slopes much faster than an index does.
        first, right, wrong = (vectors.index_select(0, each) for each in (asked, taken, drawn))
        positive, negative = (first * right).sum(dim=1), (first * wrong).sum(dim=1)
        loss = model.recommendation_loss(positive, negative, nodes, lambda_reg=settings.decay)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        found = model.get_embedding(adjacency).numpy().astype(np.float64)
    return found[:users], found[users:]


def _normalised(seen: csr_array) -> torch.Tensor:
    """Return D^-1/2 A D^-1/2 of the graph of users and items, as a sparse tensor."""
    ones = csr_array((np.ones(seen.nnz), seen.indices, seen.indptr), shape=seen.shape)
    whole = csr_array(block_array([[None, ones], [ones.T, None]]))
    degree = np.maximum(np.asarray(whole.sum(axis=1)).ravel(), 1.0) ** -0.5
    rows = np.repeat(np.arange(whole.shape[0]), np.diff(whole.indptr))
    values = degree[rows] * degree[whole.indices]
    starts, ends = (torch.as_tensor(each.astype(np.int64)) for each in (whole.indptr, whole.indices))
    return torch.sparse_csr_tensor(starts, ends, torch.as_tensor(values.astype(np.float32)), size=tuple(whole.shape))


class LightGraph(Collaborative):
    """LightGCN over students, clusters and resources.

    Arguments:
        settings: see there.
    """

    name = "LightGCN"

    def __init__(self, settings: GraphSettings | None = None) -> None:
        self.settings = settings or GraphSettings()

    def learn(self, facts: Facts, *, seed: int) -> None:
        """Train."""
        self.facts = facts
        self._users, self._items = embed(columns(facts), self.settings, seed=seed)

    def affinity(self, students: Places, places: Places) -> Floats:
        """Return products of vectors."""
        return np.asarray(self._users[students] @ self._items[places].T)
