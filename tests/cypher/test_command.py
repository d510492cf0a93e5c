"""The command as a whole: what is there, how it fails, what it imports."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
import typer

from cypher import command
from cypher.terminal import grid, printable
from schema.errors import PlanError

PROGRAM = [sys.executable, "-c", "from cypher.command import main; main()"]


@pytest.fixture
def call(monkeypatch, capsys):
    """Run a command line as the program does; return its exit status and what it printed."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["fullcycle", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            command.main()
        output, errors = capsys.readouterr()
        return ended.value.code, output, errors

    return run


def leaves(found, name):
    """Each command below one, with its name."""
    inner = getattr(found, "commands", None)
    if inner is None:
        yield name, found
        return
    for word, below in inner.items():
        yield from leaves(below, f"{name} {word}")


def test_every_command_and_option_says_what_it_is_for():
    """Catches an option that a stranger has to guess."""
    found = dict(leaves(typer.main.get_command(command.build()), "fullcycle"))
    assert {"fullcycle db up", "fullcycle load esco", "fullcycle query run", "fullcycle gaps", "fullcycle up"} <= set(
        found
    )
    silent = [name for name, each in found.items() if not (each.help or "").strip().endswith(".")]
    silent += [
        f"{name} {each.name}"
        for name, leaf in found.items()
        for each in leaf.params
        if each.name != "help" and not (getattr(each, "help", "") or "").strip()
    ]
    assert silent == []


def test_help_at_every_level(call):
    """Catches a help text that cannot be shown."""
    for words in (["--help"], ["-h"], ["db", "-h"], ["load", "--help"], ["load", "esco", "--help"], ["up", "-h"]):
        status, output, errors = call(*words)
        assert (status, errors) == (0, "")
        assert "Usage: fullcycle" in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["db", "nonsense"], "No such command 'nonsense'"),
        (["load", "esco"], "Missing argument"),
        (["load", "esco", ".", "--group-level", "4"], "--group-level"),
        (["gaps", "--nonsense"], "No such option"),
    ],
)
def test_a_wrong_command_line_ends_with_2(call, words, message):
    """Catches a typing error that looks like success, or like a failure of the program."""
    status, output, errors = call(*words)
    assert (status, output) == (2, "")
    assert message in errors and "Traceback" not in errors


def test_a_failure_is_one_line_on_standard_error(call, tmp_path):
    """Catches a traceback, control characters that reach the terminal, and a system's error without its file."""
    status, output, errors = call("load", "esco", str(tmp_path / "a\x1b[2J[bold]b"))
    assert (status, output) == (1, "")
    assert errors == (
        f"fullcycle: {tmp_path}/a\\x1b[2J[bold]b: no such file or folder; "
        "expected a download as its publisher hands it out\n"
    )


def interrupted() -> None:
    """A command that somebody ends with Ctrl-C."""
    raise KeyboardInterrupt


def failing() -> None:
    """A command that the system refuses something."""
    with open("/no/such/file"):  # noqa: PTH123 - any system call will do
        pass


@pytest.mark.parametrize(
    ("name", "status", "line"),
    [("interrupted", 130, ""), ("failing", 1, "fullcycle: /no/such/file: No such file or directory\n")],
)
def test_interruption_and_errors_of_the_system(call, monkeypatch, name, status, line):
    """Catches Ctrl-C that ends with status 0 or 1, and a traceback for a file that cannot be opened."""
    entry = EntryPoint(name, f"{__name__}:{name}", command.GROUP)
    monkeypatch.setattr(command, "commands", lambda: {name: entry})
    assert call(name) == (status, "", line)


def test_an_unknown_command_of_a_program_is_named():
    """Catches a wrong name that builds an empty app."""
    with pytest.raises(PlanError, match="command 'nonsense'; expected one of db, gaps, gnn, load, query, serve, up"):
        command.build("nonsense")


def test_only_what_is_asked_for_is_imported():
    """Catches `fullcycle db status` that waits for spaCy and for the service."""
    code = (
        "import sys; sys.argv = ['fullcycle', 'db', 'status']\n"
        "from cypher.command import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'spacy', 'strawberry', 'jieba', 'datasketch', 'etl', 'gnn', 'api', 'neo4j'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "neo4j"


def test_a_reader_that_leaves_early():
    """Catches a traceback where the output is piped into `head`."""
    for words in (["query", "list", "--json"], ["load", "template", "list"]):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([*PROGRAM, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writing)
        assert (done.returncode, done.stderr) == (1, "")


def test_what_stands_in_the_data_is_no_markup():
    """Catches a value in brackets that vanishes from a table or ends it, and one that moves the cursor."""
    from rich.console import Console

    console = Console(width=60)
    with console.capture() as captured:
        console.print(grid(["[red]name"], [["[bold]x[/y]"], ["a\x1b[2Jb"], [None], [[1, "é"]]]))
    shown = captured.get()
    assert all(each in shown for each in ("[red]name", "[bold]x[/y]", "a\\x1b[2Jb", '[1, "é"]'))
    assert "\x1b[2J" not in shown
    assert printable("a\nb\x07\u202e") == "a\nb\\x07\\u202e"
