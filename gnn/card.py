"""The card of a trained model: what it is for, what it rests on, what was measured, what it must not be used for.

`write` needs the artifact's folder alone. What only the training knows of its data is told once, as `Data`, and kept in
the folder; the benchmark's tables are read where they are.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gnn.config import DemandConfig
from gnn.panel import Rows
from gnn.snapshot import History
from schema.errors import JobError

CARD, DATA, SETTINGS = "MODEL_CARD.md", "data.json", "demand.json"

TITLES = {
    "testAccuracy": "accuracy, five classes",
    "testMacroF1": "macro-F1",
    "testWeightedF1": "weighted F1",
    "testTop3": "true class among the first three",
    "testCalibrationError": "expected calibration error, after temperature scaling",
    "testCalibrationErrorBefore": "expected calibration error, before temperature scaling",
    "testChangeRmse": "RMSE of the log change",
    "testIntensityRmse": "RMSE of the intensity",
    "testCoverage": "share of outcomes in their 90 % interval",
    "testRows": "test rows",
    "temperature": "temperature of the probabilities",
    "secondsReading": "seconds to read the graph and encode the postings",
    "secondsTraining": "seconds to train",
}
"""What measured figures are called; one that is not here goes by its own name."""

COLUMNS = {"accuracy": "accuracy", "macro_f1": "macro-F1", "weighted_f1": "weighted F1", "top_3": "top 3",
           "rmse_intensity": "RMSE of intensity", "calibration_error": "calibration error",
           "coverage": "coverage"}  # fmt: skip

PURPOSE = """It foretells, for every job cluster and the coming quarter, a class of demand (high growth, growth, stable,
decline, low demand) with probabilities, the intensity of demand with an interval, the change against the last quarter,
and how much of what the cluster demands the students on their way to it lack. Advisors and teachers use it to see which
clusters deserve attention and which resources bridge the widest gaps; developers read it through the graph and the API.
"""

LIMITS = """- It knows what one institution's graph told it: its postings, students, courses. Another one trains anew.
- A posting counts in the month of its release. What is never posted, it does not see.
- It learned that the coming quarter follows from what came before. A break that nothing announces it does not foresee;
  the drift report says when to train again.
- The classes are cut at quantiles of the training span: "high growth" is high for this institution and that time.
- Clusters with few postings are foretold worse than frequent ones, new ones worst; the benchmark shows both apart.
- Intervals hold their share of outcomes on the average over clusters, not for each cluster by itself.
- The weight of a channel says how much the forecast leaned on it, not what caused the demand.
"""

MUST_NOT = """- It must not decide on a person: not on admission, grading, grants, dismissal, or who is recommended to
  an employer. It speaks of clusters of jobs, not of people.
- It must not be the reason to close a course or a programme without people looking at what it rests on.
- It must not be shown without its interval and its confidence, nor as a promise of employment.
- It must not be used for dealing in securities or for official statistics of the labour market.
"""

RUNNING = """```sh
fullcycle gnn encode --artifact {folder}     # vectors of postings
fullcycle gnn relate --artifact {folder}     # vectors of clusters, students, skills and resources
fullcycle gnn forecast --artifact {folder}   # forecasts, for readers to see
fullcycle gnn evaluate --artifact {folder}   # past forecasts against what came
```

No training takes place: `demand.safetensors` holds the weights, `demand.json` the settings, cut points, temperature and
interval{text}.
"""


@dataclass(frozen=True, slots=True)
class Data:
    """What a model was trained on.

    Arguments:
        first, last: first day of the first and of the last month.
        clusters, months, postings, students, courses, skills: how many.
        train, valid, test: first and last origin of each span, as months.
        rows: of each span.
    """

    first: str
    last: str
    clusters: int
    months: int
    postings: int
    students: int
    courses: int
    skills: int
    train: tuple[str, str]
    valid: tuple[str, str]
    test: tuple[str, str]
    rows: tuple[int, int, int]


def data_of(history: History, rows: Rows) -> Data:
    """Return what a card tells of the data of a training.

    Arguments:
        history: that was learned from.
        rows: of its panel.
    """
    first = history.start.year * 12 + history.start.month - 1

    def month(place: int) -> str:
        return f"{date((first + place) // 12, (first + place) % 12 + 1, 1):%Y-%m}"

    parts = (rows.parts.train, rows.parts.valid, rows.parts.test)
    train, valid, test = ((month(part.start), month(part.stop - 1)) for part in parts)
    counts = [int(rows.within(part).sum()) for part in parts]
    return Data(
        first=month(0),
        last=month(history.months - 1),
        clusters=len(history.clusters),
        months=history.months,
        postings=round(float(history.counts.sum())),
        students=len(history.students),
        courses=len(history.courses),
        skills=len(history.skills),
        train=train,
        valid=valid,
        test=test,
        rows=(counts[0], counts[1], counts[2]),
    )


def write(folder: Path, *, data: Data | None = None, bench: Path | None = None) -> Path:
    """Write the card into the folder of an artifact, and return its path.

    Arguments:
        folder: of a complete artifact.
        data: what it was trained on, kept for later cards; None takes what was kept.
        bench: folder of the benchmark's tables; None leaves them out.

    Raises:
        JobError: there is no trained model in the folder.
    """
    if not (folder / SETTINGS).exists():
        given = f"no trained model in {folder}"
        raise JobError(given, "an artifact; run `fullcycle gnn train` first", where="card")
    if data is not None:
        (folder / DATA).write_text(json.dumps(asdict(data), indent=2) + "\n", encoding="utf-8")
    artifact = _read(folder / SETTINGS)
    assert artifact is not None
    config = artifact["config"]
    settings = DemandConfig(**{**config, "channels": tuple(config["channels"])}).hash
    parts = [
        f"# Demand model {artifact['code']}\n",
        f"Trained with settings {settings}; weights in `demand.safetensors`.\n",
        f"## What it is for\n\n{PURPOSE}",
        f"## Data\n\n{_data(folder, artifact)}",
        f"## Measured\n\n{_measured(artifact['metrics'])}",
        _benched(bench, settings),
        f"## Limits\n\n{LIMITS}",
        f"## What it must not be used for\n\n{MUST_NOT}",
        f"## How to run from it\n\n{_running(folder)}",
        f"## Settings\n\n{_settings(config)}",
    ]
    path = folder / CARD
    path.write_text("\n".join(part for part in parts if part), encoding="utf-8")
    return path


def _data(folder: Path, artifact: Mapping[str, Any]) -> str:
    cuts = artifact["cuts"]
    first, second, third = cuts["change"]
    lines = []
    found = _read(folder / DATA)
    if found is None:
        lines.append(f"- {len(artifact['clusters'])} job clusters; further counts were not recorded by the training.")
        lines.append(f"- The training span ended before {artifact['trained_until']}.")
    else:
        lines.append(
            f"- {found['clusters']:,} job clusters, {found['months']} months ({found['first']} to {found['last']}), "
            f"{found['postings']:,} postings, {found['students']:,} students with {found['courses']:,} course records, "
            f"{found['skills']:,} skills"
        )
        for name, rows in zip(("train", "valid", "test"), found["rows"], strict=True):
            start, end = found[name]
            title = {"train": "training", "valid": "validation", "test": "test"}[name]
            lines.append(f"- {title} span: origins {start} to {end}, {rows:,} rows")
        lines.append(
            "- Between the spans lies a gap as long as the horizon. The figures below were measured before the model "
            "saw the test span; after that it learned once more from all rows, and that is what the weights hold."
        )
    horizon = artifact["config"]["horizon"]
    lines.append(
        f"- Classes, by the training span: low demand under {cuts['low']:.4g} postings in {horizon} months, otherwise "
        f"by the log change: decline below {first:.3f}, stable below {second:.3f}, growth below {third:.3f}, then high "
        "growth."
    )
    return "\n".join(lines) + "\n"


def _measured(figures: Mapping[str, float]) -> str:
    """Every figure that the artifact holds."""
    if not figures:
        return "Nothing was measured.\n"
    lines = ["| figure | value |", "| --- | --- |"]
    lines += [f"| {TITLES.get(name, name)} | {_number(value)} |" for name, value in figures.items()]
    return "\n".join(lines) + "\n"


def _benched(bench: Path | None, settings: str) -> str:
    found = _read(bench / "university.json") if bench else None
    if found is None:
        return "No table of baselines was there; `fullcycle gnn bench` makes it.\n"
    same = "the same settings" if found["settings"] == settings else f"OTHER settings ({found['settings']})"
    rows = found["rows"]
    lines = [
        "## Beside baselines",
        "",
        f"From the benchmark of {found['clusters']} clusters and {found['months']} months, with {same}: "
        f"{rows['test']} test rows, mean over {len(found['seeds'])} seeds.",
        "",
        f"| row | {' | '.join(COLUMNS.values())} |",
        f"|{' --- |' * (len(COLUMNS) + 1)}",
    ]
    for line in found["lines"]:
        cells = [_number(line["metrics"][name]["mean"]) for name in COLUMNS]
        lines.append(f"| {line['name']} | {' | '.join(cells)} |")
    if found["ceiling"]:
        lines += ["", f"An oracle that knows all but the noise to come reaches an accuracy of {found['ceiling']:.3f}."]
    words = {True: "met", False: "NOT MET", None: "not judged"}
    lines += ["", *(f"- {words[each['met']]}: {each['claim']} ({each['figures']})" for each in found["verdicts"])]
    return "\n".join(lines) + "\n"


def _running(folder: Path) -> str:
    text = ", `text/` the encoder of postings" if (folder / "text").is_dir() else ""
    return RUNNING.format(folder=folder.name, text=text)


def _settings(config: Mapping[str, Any]) -> str:
    return "| setting | value |\n| --- | --- |\n" + "".join(
        f"| {name} | {', '.join(value) if isinstance(value, list) else value} |\n"
        for name, value in sorted(config.items())
    )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.4g}"


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
