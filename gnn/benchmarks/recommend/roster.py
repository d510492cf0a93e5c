"""The rows of the benchmark on the graph."""

from collections.abc import Callable

from gnn.benchmarks.recommend.baselines import Chance, Content, ImplicitALS, Popularity, SkillOverlap
from gnn.benchmarks.recommend.bench import OURS, Row
from gnn.benchmarks.recommend.material import Material
from gnn.benchmarks.recommend.ranker import Ranker


def rows(material: Material) -> dict[str, Row]:
    """Return the rows by name, ours last.

    Arguments:
        material: what ours and the plain equations rank from.
    """
    # The engine is big, and torch comes with the network: what is not asked for is not imported.
    from gnn.benchmarks.recommend.ours import DOCUMENTED, PLAIN, Ours  # noqa: PLC0415

    def network() -> Ranker:
        from gnn.benchmarks.recommend.baselines.network import LightGraph  # noqa: PLC0415

        return LightGraph()

    made: dict[str, tuple[Callable[[], Ranker], bool]] = {
        "chance": (Chance, True),
        "popularity": (Popularity, False),
        "BM25": (Content, False),
        "skill overlap": (SkillOverlap, False),
        "implicit ALS": (ImplicitALS, True),
        "LightGCN": (network, True),
        PLAIN: (lambda: Ours(material, PLAIN), False),
        DOCUMENTED: (lambda: Ours(material, DOCUMENTED), False),
        OURS: (lambda: Ours(material), False),
    }
    return {name: Row(make, drawn) for name, (make, drawn) in made.items()}
