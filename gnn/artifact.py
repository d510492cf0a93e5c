"""A trained demand model in a folder: weights, settings, what numbers were scaled with, and what was measured.

A job can be run from it without training. Its name is the code of the generation whose embeddings it makes.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from gnn.config import DemandConfig
from gnn.dataset import Dataset, Scaling
from gnn.network import DemandNetwork, Ending
from schema.demand import Cuts
from schema.errors import JobError

Floats = NDArray[np.float64]

SETTINGS, WEIGHTS = "demand.json", "demand.safetensors"
ENDING = "ending."
READING = "reading"
SEASONS = "seasons"


@dataclass(frozen=True, slots=True)
class DemandArtifact:
    """A trained demand model.

    Arguments:
        code: code of the generation; the name of the folder.
        config: settings.
        clusters: codes, in the order of training.
        trained_until: first day of the month that ended the training span.
        cuts: cut points of the classes.
        temperature: tau of equation 11.
        radius: half the interval of the intensity, from `gnn.forecast.radius`.
        ceiling: demand of a window that counts as intensity 1.
        scaling: what numbers were standardised with.
        metrics: measured figures by name.
        weights: of the network.
        reading: directions of a posting's vector that the model reads, [directions, values]; None without text.
    """

    code: str
    config: DemandConfig
    clusters: tuple[str, ...]
    trained_until: date
    cuts: Cuts
    temperature: float
    radius: float
    ceiling: float
    scaling: Scaling
    metrics: dict[str, float]
    weights: dict[str, torch.Tensor]
    reading: Floats | None = None

    def network(self, data: Dataset) -> DemandNetwork:
        """Return the trained network, for material of the same shape as it was trained on; its clusters may be others.

        Raises:
            JobError: the material has other inputs.
        """
        network = DemandNetwork(self.config, data)
        try:
            network.load_state_dict(self.weights | {SEASONS: self._seasons(data.clusters)})
        except (RuntimeError, KeyError) as error:
            given = "material with other inputs than the model was trained on"
            raise JobError(given, "the same sources; train again", where=f"artifact {self.code}") from error
        return network.eval()

    def _seasons(self, clusters: tuple[str, ...]) -> torch.Tensor:
        """The seasons of clusters in their order; one that came after training has the season of all."""
        place = {code: number for number, code in enumerate(self.clusters)}
        blank = torch.zeros(1, self.weights[SEASONS].shape[1])
        table = torch.cat([self.weights[SEASONS], blank])
        return table[[place.get(code, -1) for code in clusters]]

    @property
    def edges(self) -> set[str]:
        """Types of edges that the network was trained on, their three names joined by a bar."""
        names = (name.split(".") for name in self.weights)
        return {parts[3] for parts in names if parts[0] == "relation" and parts[2] == "attention"}

    def ending(self) -> Ending:
        """Return fusion and heads alone: all that is needed once the states of the channels are stored."""
        ending = Ending(self.config)
        named = self.weights.items()
        ending.load_state_dict({name.removeprefix(ENDING): each for name, each in named if name.startswith(ENDING)})
        return ending.eval()


def folder_of(models: Path, code: str) -> Path:
    """Return the folder of an artifact; colons have no place in a name of a file."""
    return models / code.replace(":", "-")


def write(artifact: DemandArtifact, folder: Path) -> None:
    """Write an artifact into a folder, which is made if it is not there. The settings come last: they complete it."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"weights/{name}": tensor.contiguous() for name, tensor in artifact.weights.items()}
    for kind in ("mean", "spread"):
        tables: dict[str, Floats] = getattr(artifact.scaling, kind)
        tensors |= {f"{kind}/{name}": torch.as_tensor(table) for name, table in tables.items()}
    if artifact.reading is not None:
        tensors[READING] = torch.as_tensor(artifact.reading)
    save_file(tensors, folder / WEIGHTS)
    apart = {"config", "cuts", "scaling", "weights", "trained_until", "reading"}
    plain: dict[str, Any] = {
        each.name: getattr(artifact, each.name) for each in fields(artifact) if each.name not in apart
    }
    plain |= {"config": asdict(artifact.config), "cuts": asdict(artifact.cuts)}
    plain["trained_until"] = artifact.trained_until.isoformat()
    (folder / SETTINGS).write_text(json.dumps(plain, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read(folder: Path) -> DemandArtifact:
    """Read an artifact.

    Raises:
        JobError: there is none, or it is not complete.
    """
    path = folder / SETTINGS
    if not path.exists() or not (folder / WEIGHTS).exists():
        given = f"no trained model in {folder}"
        raise JobError(given, "an artifact; run `fullcycle gnn train` first", where="artifact")
    plain = json.loads(path.read_text(encoding="utf-8"))
    parts: dict[str, dict[str, Any]] = {"weights": {}, "mean": {}, "spread": {}}
    tensors = load_file(folder / WEIGHTS)
    reading = tensors.pop(READING, None)
    for name, tensor in tensors.items():
        kind, _, rest = name.partition("/")
        parts[kind][rest] = tensor if kind == "weights" else tensor.numpy()
    config, cuts = plain.pop("config"), plain.pop("cuts")
    return DemandArtifact(
        config=DemandConfig(**{**config, "channels": tuple(config["channels"])}),
        cuts=Cuts(cuts["low"], tuple(cuts["change"])),
        clusters=tuple(plain.pop("clusters")),
        trained_until=date.fromisoformat(plain.pop("trained_until")),
        scaling=Scaling(parts["mean"], parts["spread"]),
        weights=parts["weights"],
        reading=None if reading is None else reading.numpy(),
        **plain,
    )


def latest(models: Path) -> Path:
    """Return the folder of the newest complete artifact.

    Raises:
        JobError: there is none.
    """
    found = sorted(path.parent for path in models.glob(f"*/{SETTINGS}"))
    if not found:
        raise JobError(f"no trained model in {models}", "run `fullcycle gnn train` first", where="artifact")
    return found[-1]
