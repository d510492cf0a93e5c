"""Job clusters, the postings in them, and who posted them."""

from datetime import date
from functools import partial
from typing import Any, Self

import strawberry

from api.context import Context, Info
from api.errors import check_count
from api.loaders import JobPage, Nearest
from api.types.forecasts import Forecast
from api.types.pages import CURSOR, After, Connection, First, cursor, page, position
from api.types.skills import CapabilityLevel, Skill
from schema.clock import first_of_month, month, months_later
from schema.errors import InputError

LONGEST_HISTORY = 600
"""Months that a history may ask for."""

SINGLE = 6
"""Decimals of a similarity: the server computes it in single precision."""

OVERSAMPLED, LEAST_CANDIDATES = 4, 50
"""The vector index is asked for so many times the neighbours that are wanted, since it only approximates."""


@strawberry.type(description="Postings that were released in a month.")
class DemandPoint:
    month: date
    postings: int


@strawberry.type(description="Jobs of one occupation.")
class JobCluster:
    code: strawberry.ID
    name: str

    @strawberry.field(description="Of the active generation of forecasts; null where it has none.")
    async def forecast(self, info: Info) -> Forecast | None:
        row = await info.context.loaders.forecasts.load(self.code)
        return Forecast.of(row) if row else None

    @strawberry.field(
        description="Postings by month, oldest first, up to the last month that the data know; "
        "months before the first posting are left out, months without any later on are 0."
    )
    async def history(self, info: Info, last: int | None = 24) -> list[DemandPoint]:
        kept = check_count("last", last, default=24, most=LONGEST_HISTORY)
        counts = {row["month"]: row["postings"] for row in await info.context.loaders.history.load(self.code)}
        if not counts or not kept:
            return []
        generation = await info.context.generation()
        known = [month(generation["dataThrough"].to_native())] if generation else []
        end = first_of_month(max([*counts, *known]))
        start = max(first_of_month(min(counts)), months_later(end, count=1 - kept))
        points = []
        while start <= end:
            points.append(DemandPoint(month=start, postings=counts.get(month(start), 0)))
            start = months_later(start, count=1)
        return points

    @strawberry.field(description="Capability units that it demands, the highest level first.")
    async def demands(self, info: Info, first: int | None = 20) -> list[CapabilityLevel]:
        most = check_count("first", first, default=20)
        rows = await info.context.loaders.demands.load(self.code)
        return [CapabilityLevel.of(row) for row in rows[:most]]

    @strawberry.field(description="Postings in it that no source has closed, the newest first.")
    async def jobs(self, info: Info, first: First = 20, after: After = None) -> "Connection[Job]":
        return await _jobs(info.context, "cluster", self.code, first=first, after=after)

    @strawberry.field(description="Job clusters with the nearest embeddings, the nearest first; none without any.")
    async def similar(self, info: Info, first: int | None = 10) -> list["SimilarJobCluster"]:
        most = check_count("first", first, default=10)
        candidates = max(LEAST_CANDIDATES, OVERSAMPLED * most)
        rows = await info.context.loaders.nearest.load(Nearest(self.code, candidates))
        return [
            SimilarJobCluster(job_cluster=JobCluster.of(row), similarity=round(row["similarity"], SINGLE))
            for row in rows[:most]
        ]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the cluster of a row with ``code`` and ``name``."""
        return cls(code=strawberry.ID(row["code"]), name=row["name"] or row["code"])


@strawberry.type(description="A job cluster, and how near it is.")
class SimilarJobCluster:
    job_cluster: JobCluster
    similarity: float = strawberry.field(description="Cosine similarity of the embeddings, -1 to 1.")


@strawberry.type(description="An organisation that offers jobs.")
class Employer:
    code: strawberry.ID
    name: str
    industry: str | None

    @strawberry.field(description="Its postings that no source has closed, the newest first.")
    async def jobs(self, info: Info, first: First = 20, after: After = None) -> "Connection[Job]":
        return await _jobs(info.context, "employer", self.code, first=first, after=after)

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the employer of a row with ``code``, ``name`` and ``industry``."""
        return cls(code=strawberry.ID(row["code"]), name=row["name"] or row["code"], industry=row["industry"])


@strawberry.type(description="A skill that a posting asks for.")
class RequiredSkill:
    skill: Skill
    level: float
    evidence: str | None = strawberry.field(description="The words of the posting that say so.")


@strawberry.type(description="A job posting.")
class Job:
    code: strawberry.ID
    title: str
    employer: Employer | None
    job_cluster: JobCluster | None
    region: str | None
    education: str | None
    salary_min: float | None
    salary_max: float | None
    salary_currency: str | None = strawberry.field(description="ISO 4217 code.")
    salary_period: str | None = strawberry.field(description="hour, day, week, month or year.")
    released_at: date

    @strawberry.field(description="Skills that it asks for, the highest level first.")
    async def requires(self, info: Info) -> list[RequiredSkill]:
        rows = await info.context.loaders.requirements.load(self.code)
        return [RequiredSkill(skill=Skill.of(row), level=row["level"], evidence=row["evidence"]) for row in rows]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the job of a row of ``serve/jobs``."""
        return cls(
            code=strawberry.ID(row["code"]),
            title=row["title"] or row["code"],
            employer=Employer.of(row["employer"]) if row["employer"] else None,
            job_cluster=JobCluster.of(row["cluster"]) if row["cluster"] else None,
            region=row["region"],
            education=row["education"],
            salary_min=row["salaryMin"],
            salary_max=row["salaryMax"],
            salary_currency=row["salaryCurrency"],
            salary_period=row["salaryPeriod"],
            released_at=row["releasedOn"].to_native(),
        )


async def _jobs(context: Context, holder: str, code: str, *, first: int | None, after: str | None) -> Connection[Job]:
    """Return a page of the jobs of a cluster or an employer."""
    most = check_count("first", first, default=20)
    found = await context.loaders.job_pages[holder].load(JobPage(code, most + 1, *job_position(after)))
    rows = await context.loaders.jobs.load_many([each["code"] for each in found])
    items = [
        (cursor(each["releasedOn"].iso_format(), each["code"]), Job.of(row))
        for each, row in zip(found, rows, strict=True)
        if row is not None
    ]
    return page(items, most, after=after, count=partial(context.loaders.job_counts[holder].load, code))


def job_position(after: str | None) -> tuple[date, str] | tuple[()]:
    """Return day of release and code of the last job of the page before; nothing for the first page."""
    key = position(after, length=2)
    if key is None:
        return ()
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        raise InputError(f"after: {after!r}", CURSOR) from None
