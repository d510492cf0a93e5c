"""Threads of numpy, beside a server that needs the same cores."""

from contextlib import AbstractContextManager

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which numpy's products of matrices take one thread; torch has threads of its own.

    Small products are not faster with more: the others wait for the next one in a loop, on the cores that Neo4j needs
    meanwhile. numpy must have been imported before.
    """
    limits: AbstractContextManager[object] = ThreadpoolController().select(internal_api="openblas").limit(limits=1)
    return limits
