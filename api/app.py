"""The ASGI application: GraphQL, and whether it is well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from api.context import Context
from api.errors import masking
from api.gateway import Gateway
from api.queries import Query
from cypher.server import Connection
from schema.errors import FullCycleError

SCHEMA = strawberry.Schema(query=Query, extensions=[masking])


class Service(GraphQL[Context, None]):
    """The GraphQL endpoint; each request gets a context of its own."""

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Return the context of one request."""
        return Context(request.app.state.gateway)


async def health(request: Request) -> Response:
    """Answer 200 where Neo4j answers, with the active generation; 503 where it does not."""
    try:
        generation = await Context(request.app.state.gateway).generation_code()
    except FullCycleError as error:
        return JSONResponse({"status": "unreachable", "reason": str(error)}, status_code=503)
    return JSONResponse({"status": "ok", "generation": generation})


def application(connection: Connection) -> Starlette:
    """Return the application over a graph.

    Arguments:
        connection: URI, credentials and database of Neo4j.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with Gateway(connection) as gateway:
            app.state.gateway = gateway
            yield

    endpoint = Service(SCHEMA, graphql_ide="graphiql")
    return Starlette(routes=[Route("/graphql", endpoint), Route("/health", health)], lifespan=lifespan)
