"""Pages of long lists: connections with cursors, as Relay describes them, forwards only."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import strawberry

from schema.errors import InputError

CURSOR = "an endCursor of the same list"
Node = TypeVar("Node")
First = Annotated[int | None, strawberry.argument(description="Items of a page, 0 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The endCursor of the page before.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool = strawberry.field(description="Whether the page was asked for with `after`.")
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="An item of a page.")
class Edge(Generic[Node]):
    cursor: str
    node: Node


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    page_info: PageInfo
    # Counting may cost more than the page, so it is done when a query asks for it.
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="Items of the whole list.")
    async def total_count(self) -> int:
        return await self.count()


def cursor(*key: str) -> str:
    """Return the cursor of an item.

    Arguments:
        key: what the list is ordered by; no two items share it.
    """
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode()


def position(after: str | None, *, length: int) -> list[str] | None:
    """Return the key of a cursor, or None without one.

    Arguments:
        after: as the client gave it.
        length: strings in a key.

    Raises:
        InputError: it is no cursor of such a list.
    """
    if after is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(after))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(isinstance(each, str) for each in key):
        raise InputError(f"after: {after!r}", CURSOR)
    return key


def page(
    items: list[tuple[str, Node]], first: int, *, after: str | None, count: Callable[[], Awaitable[int]]
) -> Connection[Node]:
    """Return a page.

    Arguments:
        items: cursor and node of the items of the page, and of one more where the list goes on.
        first: length of the page.
        after: cursor that the page was asked with.
        count: gives the length of the whole list.
    """
    edges = [Edge(cursor=place, node=node) for place, node in items[:first]]
    info = PageInfo(
        has_next_page=len(items) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info, count=count)
