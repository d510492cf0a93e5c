"""The exception tree of the whole project.

FullCycleError
├── DeclarationError      the model or the vocabulary contradicts itself (raised at import)
├── SettingsError         an environment variable or an option has a value that cannot be used
├── InputError            a file or a row is not of the documented form
├── GraphError            the database cannot be used as asked
│   ├── UnreachableError  no server answers, or it went away and did not come back in time
│   ├── CatalogError      migrations or the live catalog differ from what is declared
│   └── QueryError        a query file or its arguments break the documented header
├── ServerError           the embedded Neo4j cannot be started, stopped, dumped or loaded
├── JobError              a job cannot run on what the graph holds
└── PlanError             a step of `fullcycle up` is unknown or failed

Every message says what was given, what was expected, and where.
"""


class FullCycleError(Exception):
    """The root: whoever catches this catches all that the project raises on purpose.

    Arguments:
        given: what was found, as the user wrote it.
        expected: what would have been right, or what to do now.
        where: file and line, variable name, or path in a query; empty where there is no place.
    """

    def __init__(self, given: str, expected: str = "", *, where: str = "") -> None:
        super().__init__(given, expected, where)
        self.given = given
        self.expected = expected
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hope = f"; expected {self.expected}" if self.expected else ""
        return f"{place}{self.given}{hope}"


class DeclarationError(FullCycleError):
    """The model or the vocabulary contradicts itself."""


class SettingsError(FullCycleError):
    """A setting has a value that cannot be used."""


class InputError(FullCycleError):
    """A file or a row is not of the documented form."""


class GraphError(FullCycleError):
    """The database cannot be used as asked."""


class UnreachableError(GraphError):
    """No server answers, or it went away and did not come back in time."""


class CatalogError(GraphError):
    """Migrations or the live catalog differ from what is declared."""


class QueryError(GraphError):
    """A query file or its arguments break the documented header."""


class ServerError(FullCycleError):
    """The embedded Neo4j cannot be started, stopped, dumped or loaded."""


class JobError(FullCycleError):
    """A job cannot run on what the graph holds."""


class PlanError(FullCycleError):
    """A step of `fullcycle up` is unknown or failed."""
