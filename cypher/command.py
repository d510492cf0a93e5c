"""The command ``fullcycle``, put together from the packages' own Typer apps through entry points.

No package imports a sibling for its sake: each names its app in the group ``fullcycle.commands``.
"""

import os
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import NoReturn

import typer
from rich.console import Console

from cypher.terminal import printable
from schema.errors import FullCycleError, PlanError

GROUP = "fullcycle.commands"
INTERRUPTED = 130


def commands() -> dict[str, EntryPoint]:
    """Return the entry points of the sub-commands by name."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def build(*names: str) -> typer.Typer:
    """Return the app with the named sub-commands, or with all of them where none is named.

    Only what is asked for is imported, so that ``fullcycle db status`` does not wait for spaCy.
    """
    app = typer.Typer(
        name="fullcycle",
        help="Knowledge service for university employment: recruit, train, employ, create. Neo4j holds it all.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def root() -> None:
        """Knowledge service for university employment: recruit, train, employ, create."""

    found = commands()
    for name in names or sorted(found):
        if name not in found:
            raise PlanError(f"command {name!r}", f"one of {', '.join(sorted(found))}")
        loaded = found[name].load()
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=name)
        else:
            app.command(name)(loaded)
    return app


def run(arguments: list[str]) -> int:
    """Run one command line in this process and return its exit status.

    Arguments:
        arguments: words behind ``fullcycle``.

    Raises:
        FullCycleError: what the command raised.
    """
    first = next((word for word in arguments if not word.startswith("-")), None)
    app = build(first) if first in commands() else build()
    result = typer.main.get_command(app).main(arguments, prog_name="fullcycle", standalone_mode=False)
    return result if isinstance(result, int) else 0


def main() -> None:
    """Run the command line of this process; the exit status is 0 only when all of it worked."""
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
        sys.exit(status)
    except FullCycleError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except typer.Abort:
        _fail("nothing was done")
    except BrokenPipeError:
        # Whoever read the output has gone, as `head` does; the interpreter must not try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
    except Exception as error:
        usage = _usage_error(error)
        if usage is None:
            raise
        sys.exit(usage)


def _fail(text: str) -> NoReturn:
    """Say what went wrong and end; what stands in a file must not reach the terminal as control characters."""
    line = printable(f"fullcycle: {text}")
    Console(stderr=True).print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)


def _usage_error(error: Exception) -> int | None:
    """Show a wrong call as Typer does, and return its exit status; None where it is something else."""
    show = getattr(error, "show", None)
    status = getattr(error, "exit_code", None)
    if callable(show) and isinstance(status, int):
        show()
        return status
    return None
