"""The ASGI application: GraphQL, and whether it is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from api.context import Context
from api.endpoint import SCHEMA, Endpoint
from api.experiments import widest
from api.gateway import Gateway
from api.recommend import Pools
from api.recommend.pools import LOOKED_EVERY, watch
from api.settings import HOST
from api.warming import warm
from cypher.server import Connection
from cypher.threads import one_thread
from schema.errors import FullCycleError
from schema.experiment import Experiment

HOSTS = (HOST, "localhost")
"""Names under which the service answers: a page of another site whose name is made to point here gets nothing."""


async def health(request: Request) -> Response:
    """Answer 200 where Neo4j answers, with the active generation; 503 where it does not."""
    try:
        generation = await Context(request.app.state.gateway).generation_code()
    except FullCycleError as error:
        return JSONResponse({"status": "unreachable", "reason": str(error)}, status_code=503)
    return JSONResponse({"status": "ok", "generation": generation})


async def start(request: Request) -> Response:
    """Lead a browser to the page where queries can be tried."""
    return RedirectResponse("/graphql")


def application(
    connection: Connection,
    *,
    look_every: float = LOOKED_EVERY,
    ready: bool = False,
    experiment: Experiment | None = None,
) -> Starlette:
    """Return the application over a graph.

    Arguments:
        connection: URI, credentials and database of Neo4j.
        look_every: seconds between two looks for postings that came since the last one; 0 looks at every request.
        ready: keep the snapshot for recommendations ready, also while nobody asks for any, and warm the server when
            the service starts; `state.warming` is the task that does it.
        experiment: two configurations of lists that are served side by side; None for that of the generation alone.
    """
    pools = Pools(every=look_every, least=widest(experiment))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(one_thread())
            gateway = await stack.enter_async_context(Gateway(connection))
            app.state.gateway = gateway
            app.state.pools = pools
            app.state.experiment = experiment
            app.state.warming = asyncio.create_task(warm(gateway, pools)) if ready else None
            watching = asyncio.create_task(watch(gateway, pools)) if ready else None
            try:
                yield
            finally:
                tasks = [task for task in (app.state.warming, watching) if task is not None]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await pools.close()

    routes = [Route("/", start), Route("/graphql", Endpoint(SCHEMA)), Route("/health", health)]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)],
    )
