"""GraphQL over HTTP: what comes in is checked before it is run, what goes out is told in our own words."""

from json import JSONDecodeError
from pathlib import Path

import orjson
import strawberry
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.types import ExecutionContext, ExecutionResult

from api.context import Context
from api.errors import log, told
from api.mutations import Mutation
from api.queries import Query

CONSOLE = Path(__file__).with_name("console") / "index.html"
"""The page for browsers: one file that loads nothing else, so that it works without the Internet."""

CACHED = 200
"""Documents that are kept parsed and validated; clients send the same ones again and again."""


class Schema(strawberry.Schema):
    """The schema; the log gets what is not the client's own mistake."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log the errors of an answer."""
        for error in errors:
            log(error)


SCHEMA = Schema(
    query=Query,
    mutation=Mutation,
    extensions=[lambda: ParserCache(maxsize=CACHED), lambda: ValidationCache(maxsize=CACHED)],
)


class Endpoint(GraphQL[Context, None]):
    """The GraphQL endpoint; each request gets a context of its own."""

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Return the context of one request."""
        state = request.app.state
        return Context(state.gateway, state.pools, experiment=state.experiment)

    @property
    def graphql_ide_html(self) -> str:
        """The page for browsers."""
        return CONSOLE.read_text(encoding="utf-8")

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Read a request.

        Raises:
            HTTPException: 400, it is no GraphQL request.
        """
        try:
            found = await super().parse_http_body(request)
        except (AttributeError, AssertionError, UnicodeError) as error:
            # What the library does not check: a body that is no object, a content type that is none.
            raise HTTPException(400, "expected a JSON object with `query`, as application/json") from error
        name = None if isinstance(found, list) else found.operation_name
        if not isinstance(name, str | None):
            raise HTTPException(400, "`operationName` must be a string or null")
        return found

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Return the answer, its errors in the words that clients may read."""
        answer = await super().process_result(request, result)
        if result.errors:
            answer["errors"] = [told(error).formatted for error in result.errors]
        return answer

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON strictly: UTF-8 only, without NaN and Infinity.

        Raises:
            JSONDecodeError: it is none.
        """
        try:
            return orjson.loads(data)
        except RecursionError:
            raise JSONDecodeError("nested too deeply", "", 0) from None

    def encode_json(self, data: object) -> bytes:
        """Write JSON as UTF-8."""
        return orjson.dumps(data)
