"""The server's own admin tool, from the same jars."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from cypher.artifacts import java
from cypher.configuration import Layout, java_environment, java_options, neo4j_conf
from cypher.settings import Settings
from schema.errors import ServerError

_MAIN = "org.neo4j.cli.AdminTool"


def administer(settings: Settings, arguments: Sequence[str], *, jars: Sequence[Path], home: Path | None = None) -> str:
    """Runs the admin tool on the embedded store and gives what it printed.

    Arguments:
        arguments: such as `("database", "check", "neo4j")`.
        jars: the class path.
        home: a folder to use in place of the server's own home; its store is `home/data`.

    Raises:
        ServerError: the tool failed; its last lines are in the message.
    """
    layout = Layout.of(settings)
    layout.create()
    # The home is passed by variable: in neo4j.conf a path beyond ASCII would be read as another one.
    environment = java_environment(settings, jars)
    conf = layout.conf
    if home is not None:
        conf = home / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        environment |= {"NEO4J_HOME": str(home), "NEO4J_CONF": str(conf)}
    (conf / "neo4j.conf").write_text(neo4j_conf(settings), encoding="utf-8")
    done = subprocess.run(
        [str(java()), *java_options(settings), _MAIN, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        umask=0o077,
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise ServerError(f"neo4j-admin {' '.join(arguments[:2])} failed:\n{last}", where=str(home or layout.neo4j))
    return done.stdout
