"""The server's own admin tool, from the same jars."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cypher.artifacts import java
from cypher.configuration import Layout, java_environment, java_options, neo4j_conf
from cypher.settings import Settings
from schema.errors import ServerError

_MAIN = "org.neo4j.cli.AdminTool"


def administer(settings: Settings, arguments: Sequence[str], *, jars: Sequence[Path], data: Path | None = None) -> str:
    """Runs the admin tool on the embedded store and gives what it printed.

    Arguments:
        arguments: such as `("database", "check", "neo4j")`.
        jars: the class path.
        data: folder to use in place of the server's data folder.

    Raises:
        ServerError: the tool failed; its last lines are in the message.
    """
    layout = Layout.of(settings)
    layout.create()
    text = neo4j_conf(settings)
    environment = java_environment(settings, jars)
    conf = layout.conf
    if data is not None:
        text += f"server.directories.data={_escaped(data)}\n"
        conf = layout.temporary / f"conf-{os.getpid()}"
        conf.mkdir(exist_ok=True)
        environment["NEO4J_CONF"] = str(conf)
    (conf / "neo4j.conf").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [str(java()), *java_options(settings), _MAIN, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise ServerError(f"neo4j-admin {' '.join(arguments[:2])} failed:\n{last}", where=str(data or layout.data))
    return done.stdout


def _escaped(path: Path) -> str:
    """A path as a value in neo4j.conf, where a backslash escapes."""
    return str(path).replace("\\", "\\\\")
