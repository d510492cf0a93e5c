"""Processes and locks of the embedded server: one started here outlives the command and is found again by the next."""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from schema.errors import ServerError

# sh puts the server in the background and ends, so that init adopts it: no zombie, no SIGINT from our terminal.
_SPAWN = 'umask 077; log=$1; shift; exec "$@" </dev/null >"$log" 2>&1 & echo $!'


@dataclass(frozen=True)
class Record:
    """What the run file says about a started server.

    Attributes:
        pid, identity: the process and when it was started, as the system tells it; a pid alone may be used again.
        bolt_port, http_port: where it listens, whatever the settings say by now.
        since: when it was started, ISO 8601 in UTC.
        version: version of Neo4j.
        ready: whether it has answered Bolt.
    """

    pid: int
    identity: str
    bolt_port: int
    http_port: int
    since: str
    version: str
    ready: bool

    def write(self, path: Path) -> None:
        """Writes the record as a whole or not at all."""
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """Reads the record; None where there is none or it cannot be read."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):  # damaged, or of another version of this code
            return None


def spawn(command: Sequence[str], log: Path, *, environment: Mapping[str, str]) -> int:
    """Starts a process that outlives this one, in a session of its own, its output going to `log`: its pid."""
    started = subprocess.run(
        ["/bin/sh", "-c", _SPAWN, "fullcycle", str(log), *command],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    if started.returncode or not started.stdout.strip().isdigit():
        raise ServerError(f"cannot start a process: {started.stderr.strip()}", where=command[0])
    return int(started.stdout)


def identity(pid: int) -> str | None:
    """When the process was started, in the system's own terms; None where it does not live (a zombie does not)."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] in "ZX" else fields[19]
    state, _, started = _ps(pid, "state=,lstart=").partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def command(pid: int) -> str:
    """The command line of a process, words separated by blanks; empty where it does not live."""
    if Path("/proc/self/stat").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return _ps(pid, "command=")


def end(pid: int, *, gently: bool) -> None:
    """Asks a process to end (SIGTERM), or kills it (SIGKILL)."""
    try:
        os.kill(pid, signal.SIGTERM if gently else signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], seconds: float, *, pause: float = 0.05) -> bool:
    """Waits until `condition` holds; False when it does not within `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(pause)
    return True


@contextmanager
def locked(path: Path, *, deadline: float | None = None) -> Iterator[None]:
    """Holds the lock file `path`; the system frees it when the process dies.

    Arguments:
        path: the lock file; its folder must exist.
        deadline: seconds to wait for another process; None waits as long as that one lives.

    Raises:
        ServerError: another process still holds it after `deadline`.
    """
    with path.open("a") as file:
        if deadline is None:
            fcntl.flock(file, fcntl.LOCK_EX)
        elif not wait_until(lambda: _try_lock(file.fileno()), deadline):
            raise ServerError(
                f"another command has been starting or stopping the server for {deadline:.0f} s",
                "it to end; wait for it or end it",
                where=str(path),
            )
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ps(pid: int, columns: str) -> str:
    shown = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", columns], capture_output=True, text=True, check=False)
    return shown.stdout.strip()
