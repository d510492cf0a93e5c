"""The page of all commands, written from the assembled app: its help texts, arguments and options."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import typer

from cypher.reference import GENERATED, table

_KINDS = {str: "TEXT", int: "NUMBER", float: "NUMBER", datetime: "DATE"}


def command_page(app: typer.Typer) -> str:
    """Return the page of all commands of an app, such as `cypher.command.build` gives.

    Arguments:
        app: the assembled app; its help texts and options are what the page says.
    """
    text = [
        "# Commands\n",
        GENERATED.format(source="the commands"),
        "\n`fullcycle --help`, and `--help` behind any command, say the same. Every command ends with status 0 only "
        "when all of it worked: 1 is a failure, told in one line on standard error, 2 a command line that is wrong, "
        "3 a load of which some rows could not be read, 130 an interruption. Progress goes to standard error, so "
        "`--json` output can be piped.\n",
    ]
    root = typer.main.get_command(app)
    for name, command in sorted(root.commands.items()):  # type: ignore[attr-defined]
        text += _commands(command, f"fullcycle {name}", depth=2)
    return "\n".join(text)


def _commands(command: Any, name: str, *, depth: int) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and not each.hidden]
    yield f"{'#' * depth} {name}\n\n{command.help or ''}\n"
    inner = getattr(command, "commands", None)
    if inner is not None:
        for each, below in inner.items():
            yield from _commands(below, f"{name} {each}", depth=depth + 1)
        return
    yield f"```\n{' '.join([name, *(_usage(each) for each in arguments), *(['[OPTIONS]'] if options else [])])}\n```\n"
    if arguments or options:
        rows = [(f"`{_placeholder(each)}`", _default(each), each.help or "") for each in arguments]
        rows += [(f"`{_spelling(each)}`", _default(each), each.help or "") for each in options]
        yield table(("argument or option", "default", "meaning"), rows)


def _placeholder(argument: Any) -> str:
    return str(argument.name).upper()


def _usage(argument: Any) -> str:
    text = f"{_placeholder(argument)}{'...' if argument.nargs == -1 else ''}"
    return text if argument.required else f"[{text}]"


def _spelling(option: Any) -> str:
    names = ", ".join(reversed(option.opts))
    if option.is_flag:
        return " / ".join([names, *option.secondary_opts])
    limits = [f"{limit:g}" for limit in (option.min, option.max) if limit is not None]
    span = f" ({' to '.join(limits)}{' or more' if option.max is None else ''})" if limits else ""
    kind = option.type_descriptor.annotation
    return f"{names} {option.metavar or _KINDS.get(kind, kind.__name__.upper())}{span}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is True:
        return f"`{parameter.opts[0]}`"
    return "" if value is None or value is False or callable(value) else f"`{value}`"
