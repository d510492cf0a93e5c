"""The long lists of the service, page by page: job clusters, postings, resources."""

from enum import Enum
from math import isfinite

import strawberry

from api.context import Context
from api.types.jobs import Job, JobCluster, job_position
from api.types.pages import CURSOR, Connection, cursor, page, position
from api.types.resources import Resource
from schema.errors import InputError


@strawberry.enum(description="What job clusters are ordered by; those without a forecast come last.")
class JobClusterOrder(Enum):
    WARNING = "WARNING"
    INTENSITY = "INTENSITY"
    CHANGE = "CHANGE"
    GAP = "GAP"
    NAME = "NAME"


@strawberry.enum(description="Which end of the order comes first.")
class Direction(Enum):
    ASC = "ASC"
    DESC = "DESC"


def words(search: str | None) -> str | None:
    """Return what is searched for; nothing but blanks is no search."""
    return search if search and search.strip() else None


async def clusters(
    context: Context,
    most: int,
    *,
    after: str | None,
    search: str | None,
    focus_only: bool,
    order: JobClusterOrder,
    direction: Direction,
) -> Connection[JobCluster]:
    """Return a page of job clusters.

    A cursor holds the value that the list is ordered by, and the code, which orders equal values: a page goes on behind
    that place, also where another generation of forecasts has become active in between.

    Arguments:
        context: of the request.
        most: items of a page.
        after: cursor of the last item of the page before; it is good for the same order and direction only.
        search: words of a name or alias.
        focus_only: only clusters in focus.
        order, direction: of the list.

    Raises:
        InputError: the cursor is none of this list.
    """
    wanted = {"search": words(search), "focusOnly": focus_only, "generation": await context.forecast_code()}
    place = {} if after is None else _cluster_position(after, order, direction)
    records = await context.gateway.read(
        "serve/cluster-page",
        **wanted,
        **place,
        order=order.value,
        descending=direction is Direction.DESC,
        first=most + 1,
    )

    async def count() -> int:
        [record] = await context.gateway.read("serve/cluster-count", **wanted)
        return int(record["clusters"])

    items = [
        (cursor(order.value, direction.value, _text(record["key"]), record["code"]), JobCluster.of(record.data()))
        for record in records
    ]
    return page(items, most, after=after, count=count)


def _text(key: str | float | None) -> str:
    return "" if key is None else key if isinstance(key, str) else repr(float(key))


def _cluster_position(after: str, order: JobClusterOrder, direction: Direction) -> dict[str, str | float | None]:
    """Return the place behind which a page starts, as the query takes it."""
    *kind, key, code = position(after, length=4) or []
    try:
        value = key if order is JobClusterOrder.NAME else float(key) if key else None
    except ValueError:
        value = float("nan")
    if kind != [order.value, direction.value] or (isinstance(value, float) and not isfinite(value)):
        raise InputError(f"after: {after!r}", f"{CURSOR}, in the same order")
    return {"after": code, "afterKey": value}


async def jobs(
    context: Context, most: int, *, after: str | None, search: str | None, job_cluster: str | None, region: str | None
) -> Connection[Job]:
    """Return a page of postings that no source has closed, the newest first.

    Arguments:
        context: of the request.
        most: items of a page.
        after: cursor of the last item of the page before.
        search: words of a title.
        job_cluster: code of a cluster.
        region: code or name of a region, which holds all that lies in it.

    Raises:
        InputError: the cursor is none of this list.
    """
    wanted = {"search": words(search), "jobCluster": job_cluster, "region": region}
    place = dict(zip(("before", "after"), job_position(after), strict=False))
    found = await context.gateway.read("serve/job-page", **wanted, **place, first=most + 1)
    rows = await context.loaders.jobs.load_many([each["code"] for each in found])

    async def count() -> int:
        [record] = await context.gateway.read("serve/job-count", **wanted)
        return int(record["jobs"])

    items = [
        (cursor(each["releasedOn"].iso_format(), each["code"]), Job.of(row))
        for each, row in zip(found, rows, strict=True)
        if row is not None
    ]
    return page(items, most, after=after, count=count)


async def resources(
    context: Context, most: int, *, after: str | None, search: str | None, kind: str | None
) -> Connection[Resource]:
    """Return a page of resources that a source still states, in order of code.

    Arguments:
        context: of the request.
        most: items of a page.
        after: cursor of the last item of the page before.
        search: words of a name.
        kind: label of the kind.

    Raises:
        InputError: the cursor is none of this list.
    """
    wanted = {"search": words(search), "kind": kind}
    [last] = position(after, length=1) or [""]
    found = await context.gateway.read("serve/resource-page", **wanted, after=last, first=most + 1)
    rows = await context.loaders.resources.load_many([each["code"] for each in found])

    async def count() -> int:
        [record] = await context.gateway.read("serve/resource-count", **wanted)
        return int(record["resources"])

    return page([(cursor(row["code"]), Resource.of(row)) for row in rows if row], most, after=after, count=count)
