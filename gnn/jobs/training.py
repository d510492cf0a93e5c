"""The training job: learn the posting encoder and the demand model from the graph, and keep both in an artifact."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from cypher.graph import Graph
from cypher.progress import Progress, Step
from gnn import artifact as artifacts
from gnn import card, forecast, metrics
from gnn.artifact import DemandArtifact
from gnn.baselines.forecaster import may_fit
from gnn.channels import text
from gnn.channels.text import TextConfig
from gnn.config import DemandConfig
from gnn.device import chosen
from gnn.jobs.curves import draw
from gnn.jobs.postings import TEXT, by_month, corpus_of, keep_names
from gnn.material import Material, material_of
from gnn.model import DemandModel
from gnn.panel import Floats, Places, Rows, rows
from gnn.parallel import Ranks, together
from gnn.snapshot import History, read_history, read_texts
from gnn.writeback import generation_code
from schema import clock
from schema.errors import SettingsError


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training run made.

    Arguments:
        code: of the artifact.
        folder: where it is.
        metrics: measured figures by name; those that begin with ``test`` come from the last tenth of the months, which
            the model had not seen when they were measured.
    """

    code: str
    folder: Path
    metrics: dict[str, float]


def pretrain(graph: Graph, config: TextConfig, *, models: Path, through: date | None, progress: Progress) -> Path:
    """Learn tokenizer and encoder from the postings of the training span, and return their folder.

    Finished before, it is there at once.

    Raises:
        JobError: there is no posting with a text.
    """
    history = read_history(graph, through=through, progress=progress)
    corpus = corpus_of(read_texts(graph, through=history.through, progress=progress), history.span)
    folder = _pretrained(models, config)
    stop = rows(material_of(history).panel).parts.train.stop
    text.pretrain(corpus.before(stop), config, folder=folder, progress=progress, device=str(chosen().device))
    return folder


def train(
    graph: Graph,
    config: DemandConfig,
    texts: TextConfig | None,
    *,
    models: Path,
    through: date | None = None,
    progress: Progress,
) -> TrainReport:
    """Train on all that the graph knows through a day, measure on the last tenth of the months, and keep the model.

    First the model is fitted on what came before the last tenth, and measured there. Then it learns once more from all
    rows, as many epochs as were best, and that is what the artifact holds. Killed and run again, it finds the posting
    encoder as far as it was trained. Under torchrun the processes share the rows of each step; the first of them reads
    the texts, shows progress and writes.

    Arguments:
        graph: an open graph.
        config: settings of the demand model.
        texts: settings of the posting encoder; None trains without text.
        models: folder of artifacts.
        through: last day that counts; None takes all.
        progress: shows the steps.

    Raises:
        JobError: there is too little to learn from.
        SettingsError: the history is too short for training, validation and test, or there are several members.
    """
    if config.members > 1:
        given = f"{config.members} members"
        raise SettingsError(given, "1: an artifact keeps one network, only `bench` averages several", where="members")
    with together() as ranks:
        shown = Progress.silent() if ranks.rank else progress
        return _train(graph, config, texts, models=models, through=through, progress=shown, ranks=ranks)


def _train(
    graph: Graph,
    config: DemandConfig,
    texts: TextConfig | None,
    *,
    models: Path,
    through: date | None,
    progress: Progress,
    ranks: Ranks,
) -> TrainReport:
    begun = time.monotonic()
    code = ranks.told(generation_code(clock.now(), config.hash))
    folder = artifacts.folder_of(models, code)
    history = read_history(graph, through=through, progress=progress)
    material = material_of(history, horizon=config.horizon)
    every = rows(material.panel, horizon=config.horizon)
    reading = None
    if texts is not None:
        found = None
        if not ranks.rank:
            found = _texts(graph, history, texts, material=material, rows=every, models=models, progress=progress)
        said, reading = ranks.told(found)
        material = replace(material, text=said)
    read = time.monotonic()
    model = DemandModel(config, material, ranks=ranks)
    with progress.step("Training the demand model", 3 * config.epochs * config.members, unit="epochs") as step:
        model.told = _teller(step)
        model.fit(material.panel, every, fit=may_fit(every, horizon=config.horizon), seed=config.seed)
        named, figures = _measured(model, every)
        model.finish(every, fit=every.label >= 0, seed=config.seed)
    assert model.held is not None
    check, held = model.held
    ceiling = forecast.ceiling(every)
    figures |= {"secondsReading": round(read - begun, 3), "secondsTraining": round(time.monotonic() - read, 3)}
    artifact = DemandArtifact(
        code=code,
        config=config,
        clusters=history.clusters,
        trained_until=material.panel.month(every.parts.train.stop),
        cuts=every.cuts,
        temperature=model.tau,
        radius=forecast.radius(
            forecast.intensity(forecast.expected(every.last[check], held.change), ceiling=ceiling),
            forecast.intensity(every.coming[check], ceiling=ceiling),
            coverage=forecast.ForecastConfig().coverage,
        ),
        ceiling=ceiling,
        scaling=model.scaling,
        metrics=figures,
        weights={name: each.cpu() for name, each in model.members[0].state_dict().items()},
        reading=reading,
    )
    if not ranks.rank:
        if texts is not None:
            shutil.copytree(_encoder(models, texts), folder / TEXT)
        _keep(
            artifact,
            folder,
            model,
            data=card.data_of(history, every),
            label=every.label[every.within(every.parts.test)],
            named=named,
        )
    return TrainReport(code, folder, figures)


def _pretrained(models: Path, texts: TextConfig) -> Path:
    """Where the encoder that adaptation begins with is kept."""
    return models / f"encoder-{texts.hash}"


def _encoder(models: Path, texts: TextConfig) -> Path:
    """Where a posting encoder is trained, and stays until one is trained on other postings or outcomes."""
    return models / f"text-{texts.hash}"


def _texts(
    graph: Graph,
    history: History,
    texts: TextConfig,
    *,
    material: Material,
    rows: Rows,
    models: Path,
    progress: Progress,
) -> tuple[Floats, Floats]:
    """Train the posting encoder; return what postings say, [clusters, months, directions], and the directions."""
    device, memory, folder = str(chosen().device), text.Memory(), _encoder(models, texts)
    postings = read_texts(graph, through=history.through, progress=progress)
    corpus = corpus_of(postings, history.span)
    if texts.encoder is None:
        early = corpus.before(rows.parts.train.stop)
        text.pretrain(early, texts, folder=_pretrained(models, texts), progress=progress, device=device)
    encoder, _ = text.adapt(
        corpus,
        material.panel,
        rows,
        texts,
        fit=rows.within(rows.parts.train),
        pretrained=texts.encoder or _pretrained(models, texts),
        folder=folder,
        progress=progress,
        device=device,
        memory=memory,
    )
    keep_names(postings.names, folder)
    vectors = text.encode(encoder, corpus, progress=progress, device=device, memory=memory)
    return by_month(vectors, postings, history) @ encoder.directions.T, encoder.directions


def _keep(
    artifact: DemandArtifact, folder: Path, model: DemandModel, *, data: card.Data, label: Places, named: Places
) -> None:
    artifacts.write(artifact, folder)
    card.write(folder, data=data)
    curves = [asdict(curve) for curve in model.curves]
    (folder / "curves.json").write_text(json.dumps(curves) + "\n", encoding="utf-8")
    draw(folder, model.curves, label=label, named=named)


def _teller(step: Step) -> Callable[[int, int, float, float], None]:
    return lambda member, epoch, loss, checked: step.advance(1)


def _measured(model: DemandModel, every: Rows) -> tuple[Places, dict[str, float]]:
    """Classes named for the test span, and how right they are."""
    test = every.within(every.parts.test)
    found = model.predict(model.material.panel, every, at=test)
    named, label, change = found.probabilities.argmax(axis=1), every.label[test], every.change[test]
    figures = {
        "testAccuracy": metrics.accuracy(label, named),
        "testMacroF1": metrics.macro_f1(label, named),
        "testCalibrationError": metrics.calibration_error(label, found.probabilities),
        "testChangeRmse": metrics.rmse(change, found.change),
        "testCoverage": metrics.coverage(change, found.lower, found.upper),
        "testRows": float(len(label)),
        "temperature": model.tau,
    }
    return named, figures
