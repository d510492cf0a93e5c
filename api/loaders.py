"""Batches of one request: each kind of fact is read once for all objects that ask for it."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, NamedTuple

from strawberry.dataloader import DataLoader

from api.gateway import Gateway
from schema.errors import QueryError

Row = dict[str, Any]
GenerationCode = Callable[[], Awaitable[str | None]]


def one(gateway: Gateway, name: str, *, generation: GenerationCode | None = None) -> DataLoader[str, Row | None]:
    """Return a loader of single rows by code; a code that the graph does not have gives None.

    Arguments:
        gateway: the way to the graph.
        name: a query with the parameter ``codes`` and the column ``code``.
        generation: gives the code of the generation for derived facts; before the first one there are none.
    """

    async def load(codes: list[str]) -> list[Row | None]:
        arguments: dict[str, Any] = {"codes": codes}
        if generation is not None:
            arguments["generation"] = await generation()
            if arguments["generation"] is None:
                return [None for _ in codes]
        rows = {record["code"]: record.data() for record in await gateway.read(name, **arguments)}
        return [rows.get(code) for code in codes]

    return DataLoader(load_fn=load)


def many(gateway: Gateway, name: str, *, generation: GenerationCode | None = None) -> DataLoader[str, list[Row]]:
    """Return a loader of lists of rows by code; without any, the list is empty.

    Arguments:
        gateway: the way to the graph.
        name: a query with the parameter ``codes`` and the columns ``code`` and ``rows``.
        generation: gives the code of the generation for derived facts; before the first one all lists are empty.
    """

    async def load(codes: list[str]) -> list[list[Row]]:
        arguments: dict[str, Any] = {"codes": codes}
        if generation is not None:
            arguments["generation"] = await generation()
            if arguments["generation"] is None:
                return [[] for _ in codes]
        rows = {record["code"]: record["rows"] for record in await gateway.read(name, **arguments)}
        return [rows.get(code, []) for code in codes]

    return DataLoader(load_fn=load)


class JobPage(NamedTuple):
    """Which jobs of a cluster or an employer are asked for.

    Arguments:
        code: of the cluster or employer.
        most: items.
        before: day of release of the last job of the page before; None for the first page.
        after: code of that job.
    """

    code: str
    most: int
    before: date | None = None
    after: str | None = None


def job_pages(gateway: Gateway, name: str) -> DataLoader[JobPage, list[Row]]:
    """Return a loader of pages of jobs; those that differ in their holders only are read at once.

    Arguments:
        gateway: the way to the graph.
        name: a query with the parameters ``codes``, ``most``, ``before`` and ``after``.
    """

    async def load(pages: list[JobPage]) -> list[list[Row]]:
        alike: dict[JobPage, list[str]] = defaultdict(list)
        for each in pages:
            alike[each._replace(code="")].append(each.code)
        found: dict[JobPage, list[Row]] = {}

        async def read(kind: JobPage, codes: list[str]) -> None:
            given = {"most": kind.most, "before": kind.before, "after": kind.after}
            for record in await gateway.read(name, codes=codes, **given):
                found[kind._replace(code=record["code"])] = record["rows"]

        await asyncio.gather(*(read(kind, codes) for kind, codes in alike.items()))
        return [found.get(each, []) for each in pages]

    return DataLoader(load_fn=load)


class Nearest(NamedTuple):
    """Whose nearest neighbours are asked for.

    Arguments:
        code: of the job cluster.
        candidates: how many the vector index is asked for.
    """

    code: str
    candidates: int


def nearest(gateway: Gateway, name: str) -> DataLoader[Nearest, list[Row]]:
    """Return a loader of the nearest neighbours; those with as many candidates are read at once.

    Without the vector index there are none.

    Arguments:
        gateway: the way to the graph.
        name: a query with the parameters ``codes`` and ``candidates``.
    """

    async def load(keys: list[Nearest]) -> list[list[Row]]:
        found: dict[Nearest, list[Row]] = {}

        async def read(candidates: int) -> None:
            codes = [each.code for each in keys if each.candidates == candidates]
            try:
                records = await gateway.read(name, codes=codes, candidates=candidates)
            except QueryError as error:
                # The index is dropped while all embeddings are replaced, and filled again after.
                if "index" not in error.given:
                    raise
                records = []
            for record in records:
                found[Nearest(record["code"], candidates)] = record["rows"]

        await asyncio.gather(*(read(candidates) for candidates in {each.candidates for each in keys}))
        return [found.get(each, []) for each in keys]

    return DataLoader(load_fn=load)


def counts(gateway: Gateway, name: str) -> DataLoader[str, int]:
    """Return a loader of counts by code.

    Arguments:
        gateway: the way to the graph.
        name: a query with the parameter ``codes`` and the columns ``code`` and ``jobs``.
    """

    async def load(codes: list[str]) -> list[int]:
        rows = {record["code"]: int(record["jobs"]) for record in await gateway.read(name, codes=codes)}
        return [rows.get(code, 0) for code in codes]

    return DataLoader(load_fn=load)


def facts(gateway: Gateway, given: Callable[[], Awaitable[dict[str, Any]]]) -> DataLoader[str, Row | None]:
    """Return a loader of what recommendations of students depend on, by code of the student.

    Arguments:
        gateway: the way to the graph.
        given: gives the parameters of ``serve/student-facts`` beside the codes.
    """

    async def load(codes: list[str]) -> list[Row | None]:
        records = await gateway.read("serve/student-facts", codes=codes, **await given())
        # The values are plain already; `data` would look at each of a thousand to say so.
        rows = {record["code"]: dict(record) for record in records}
        return [rows.get(code) for code in codes]

    return DataLoader(load_fn=load)


def over(gateway: Gateway, given: Callable[[], Awaitable[dict[str, Any]]]) -> DataLoader[str, bool]:
    """Return a loader that says of postings and resources whether they are over.

    Arguments:
        gateway: the way to the graph.
        given: gives the parameters of ``serve/over`` beside the codes.
    """

    async def load(codes: list[str]) -> list[bool]:
        [record] = await gateway.read("serve/over", codes=codes, **await given())
        ended = set(record["codes"])
        return [code in ended for code in codes]

    return DataLoader(load_fn=load)


class Loaders:
    """All loaders of one request.

    Arguments:
        gateway: the way to the graph.
        generation: gives the code of the generation that the request reads.
        forecast: gives the code of the generation of forecasts that it reads.
        given: gives the generation and the days for what recommendations depend on.
        ends: gives the days on which postings and resources end.
    """

    def __init__(
        self,
        gateway: Gateway,
        generation: GenerationCode,
        forecast: GenerationCode,
        given: Callable[[], Awaitable[dict[str, Any]]],
        ends: Callable[[], Awaitable[dict[str, Any]]],
    ) -> None:
        self.over = over(gateway, ends)
        self.facts = facts(gateway, given)
        self.students = one(gateway, "serve/students")
        self.clusters = one(gateway, "serve/job-clusters")
        self.goals = one(gateway, "serve/goals")
        self.jobs = one(gateway, "serve/jobs")
        self.employers = one(gateway, "serve/employers")
        self.class_groups = one(gateway, "serve/class-groups")
        self.skills = one(gateway, "serve/skills")
        self.resources = one(gateway, "serve/resources")
        self.requirements = many(gateway, "serve/requirements")
        self.skill_capabilities = many(gateway, "serve/skill-capabilities")
        self.capability_skills = many(gateway, "serve/capability-skills")
        self.history = many(gateway, "serve/history")
        self.forecasts = one(gateway, "serve/forecasts", generation=forecast)
        self.nearest = nearest(gateway, "serve/similar-clusters")
        self.abilities = many(gateway, "serve/abilities", generation=generation)
        self.demands = many(gateway, "serve/demands", generation=generation)
        self.supplies = many(gateway, "serve/supplies", generation=generation)
        self.gaps = many(gateway, "serve/gaps", generation=generation)
        self.lacks = many(gateway, "serve/lacks")
        self.bridges = many(gateway, "serve/bridges")
        self.job_pages = {
            "cluster": job_pages(gateway, "serve/cluster-job-page"),
            "employer": job_pages(gateway, "serve/employer-job-page"),
        }
        self.job_counts = {
            "cluster": counts(gateway, "serve/cluster-job-count"),
            "employer": counts(gateway, "serve/employer-job-count"),
        }
