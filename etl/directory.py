"""Codes and names of what is in the graph, so that a row may refer to either."""

from cypher import merge
from cypher.graph import Graph
from schema.errors import InputError


class Directory:
    """The nodes of one label by code and by name.

    Arguments:
        graph: where to read them.
        label: label or kind label.
        source: prefix that makes a row's own number into a unified code, tried before the bare text.
    """

    def __init__(self, graph: Graph, label: str, *, source: str) -> None:
        (record,) = graph.read(merge.directory(label))
        self.label = label
        self._source = source
        self._codes: set[str] = set(record["codes"])
        # The source's own things first, then in the order of codes; the first keeps a name that several have.
        self._names: dict[str, str] = {}
        pairs = sorted(
            zip(record["codes"], record["names"], strict=True), key=lambda pair: not pair[0].startswith(f"{source}:")
        )
        for code, name in pairs:
            self._names.setdefault(name.casefold().strip(), code)

    def __contains__(self, code: str) -> bool:
        return code in self._codes

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, reference: str) -> str:
        """Return the code that a reference means: a unified code, the source's own number, or an exact name.

        Raises:
            InputError: nothing of that label has such a code or name.
        """
        text = reference.strip()
        for candidate in (f"{self._source}:{text}", f"{self._source}:{self.label.lower()}:{text}", text):
            if candidate in self._codes:
                return candidate
        code = self._names.get(text.casefold())
        if code is None:
            raise InputError(f"{self.label} {reference!r}", "a code or an exact name of one in the graph")
        return code
