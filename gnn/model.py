"""The demand model as a forecaster: fitted by the same protocol as every baseline."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray

from gnn.baselines.forecaster import COVERED, Mask, Prediction, half_width, learn_and_check
from gnn.batches import Batches
from gnn.calibrate import scaled, temperature
from gnn.config import DemandConfig
from gnn.dataset import Dataset, Scaling, dataset_of
from gnn.device import Place, chosen
from gnn.heads import class_logits
from gnn.material import Material
from gnn.network import DemandNetwork, Told
from gnn.panel import Panel, Rows
from gnn.parallel import Ranks
from gnn.train import Curve, Samples, train

Floats = NDArray[np.float64]
Teller = Callable[[int, int, float, float], None]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the model says of rows.

    Arguments:
        logits: log probabilities before calibration, mean over the members, [rows, 5].
        change: expected x, [rows].
        gap: share of the demand that students lack, 0 to 1, [rows].
        weights: of the channels text, growth, relation; sum 1, [rows, 3].
        spread: standard deviation of x between the members, 0 for one, [rows].
        fused: z, mean over the members, [rows, width].
    """

    logits: Floats
    change: Floats
    gap: Floats
    weights: Floats
    spread: Floats
    fused: Floats


@dataclass(slots=True)
class DemandModel:
    """Three channels fused, for demand and gap of clusters.

    Arguments:
        config: settings.
        material: what the channels read; its panel must be the one that is fitted.
        name: in tables.
        told: called after each epoch with member, epoch, loss and validation loss.
        members, curves: networks, and the runs by which their epochs and starts were chosen.
        tau: temperature of equation 11.
        half: half the interval of x.
        place: device; a GPU where there is one.
        ranks: processes that train together; each ends with the same model.
        data: tensors of the material, on the device.
        held: rows of the validation, and what was said of them by networks that had not learned from them.
    """

    config: DemandConfig
    material: Material
    name: str = "ours"
    told: Teller | None = None
    members: list[DemandNetwork] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    tau: float = 1.0
    half: float = float("nan")
    place: Place = field(default_factory=chosen)
    ranks: Ranks = field(default_factory=Ranks)
    data: Dataset | None = None
    held: tuple[Mask, Outlook] | None = None

    @property
    def scaling(self) -> Scaling:
        """What numbers were standardised with."""
        assert self.data is not None, "fit first"
        return self.data.scaling

    def fit(self, panel: Panel, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Choose epochs and start on the validation span, calibrate there, then learn from all rows of the mask."""
        learn, check = learn_and_check(rows, fit, seed=seed)
        self.data = self._tensors(panel, rows)
        self.members, self.curves = self._trained(rows, fit=learn, check=check, seed=seed)
        held = self.outlook(rows, at=check)
        self.held = (check, held)
        self.tau = temperature(held.logits, rows.label[check])
        self.half = half_width(rows.change[check] - held.change)
        if not np.array_equal(learn, fit):
            self.finish(rows, fit=fit, seed=seed)

    def _tensors(self, panel: Panel, rows: Rows) -> Dataset:
        found: Dataset = self.place.put(
            dataset_of(replace(self.material, panel=panel), rows, horizon=self.config.horizon)
        )
        return found

    def finish(self, rows: Rows, *, fit: Mask, seed: int) -> None:
        """Learn once more from other rows, with the epochs and the start that were best; calibration stays as it is."""
        self.members, _ = self._trained(rows, fit=fit, check=None, seed=seed, like=self.curves)

    def _trained(
        self, rows: Rows, *, fit: Mask, check: Mask | None, seed: int, like: list[Curve] | None = None
    ) -> tuple[list[DemandNetwork], list[Curve]]:
        assert self.data is not None
        found = [
            train(
                self.config,
                self.data,
                rows,
                fit=fit,
                check=check,
                seed=1_000 * seed + member,
                like=None if like is None else like[member],
                told=self._teller(member),
                place=self.place,
                ranks=self.ranks,
            )
            for member in range(self.config.members)
        ]
        return [network for network, _ in found], [curve for _, curve in found]

    def _teller(self, member: int) -> Callable[[int, float, float], None] | None:
        told = self.told
        return None if told is None else lambda epoch, loss, checked: told(member, epoch, loss, checked)

    @torch.no_grad()
    def outlook(self, rows: Rows, *, at: Mask) -> Outlook:
        """Return what the members say of the rows of a mask, together."""
        assert self.data is not None, "fit or load first"
        samples = Samples.of(rows, at)
        said = self._said(self.data, self.place.put(samples))
        logits = [class_logits(each.demand, samples.last, cuts=rows.cuts) for each in said]
        chance = torch.stack([torch.softmax(each, dim=1) for each in logits]).mean(dim=0)
        change = torch.stack([each.demand[:, 0] for each in said])

        def mean(tables: list[torch.Tensor]) -> Floats:
            return np.asarray(torch.stack(tables).mean(dim=0).double().numpy())

        return Outlook(
            logits=np.log(chance.double().numpy() + 1e-12),
            change=change.mean(dim=0).double().numpy(),
            gap=mean([each.gap for each in said]),
            weights=mean([each.weights for each in said]),
            spread=change.std(dim=0, correction=0).double().numpy(),
            fused=mean([each.fused for each in said]),
        )

    def _said(self, data: Dataset, samples: Samples) -> list[Told]:
        """What each member says of rows, on the CPU; above the limit of the whole graph in batches."""
        batches = Batches(self.config, data, samples.cluster, samples.origin, ranks=Ranks(), seed=None)
        parts: list[list[Told]] = [[] for _ in self.members]
        for batch in batches.epoch():
            own = samples.take(batch.own)
            for found, network in zip(parts, self.members, strict=True):
                found.append(network(data, own.cluster, own.origin, cut=batch.cut))
        names = [each.name for each in fields(Told)]
        return [Told(*(torch.cat([getattr(each, name) for each in found]).cpu() for name in names)) for found in parts]

    def predict(self, panel: Panel, rows: Rows, *, at: Mask) -> Prediction:
        """Foretell the rows of a mask, in their order; intervals hold COVERED of the rows by conformal prediction."""
        if self.data is None or panel is not self.material.panel:
            self.data = self._tensors(panel, rows)
        found = self.outlook(rows, at=at)
        chance = scaled(found.logits, self.tau)
        return Prediction(chance, found.change, found.change - self.half, found.change + self.half)


__all__ = ["COVERED", "DemandModel", "Outlook"]
