"""Peak memory of a process and all that it starts, and its share of the cores."""

import os
import subprocess
import threading
from pathlib import Path

_PAUSE = 0.1  # seconds between two looks


class Peak(threading.Thread):
    """Watches a process while it runs.

    The system keeps each process's own greatest resident size (VmHWM), so that what lies between two looks is seen
    too; only a process that lives shorter than a look is missed. `mebibytes` adds the peaks up as if they came at the
    same moment, so it is at least the true one. 0 where the system has no /proc.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__(daemon=True)
        self._process = process
        self._peaks: dict[int, int] = {}
        self.start()

    def run(self) -> None:
        """Look until the process ends."""
        while self._process.poll() is None:
            for pid in tree(self._process.pid):
                self._peaks[pid] = max(self._peaks.get(pid, 0), high_water(pid))
            threading.Event().wait(_PAUSE)

    @property
    def mebibytes(self) -> float:
        """Sum of the peaks, in MiB."""
        return sum(self._peaks.values()) / 1024


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return [pid, *(each for child in children for each in tree(int(child)))]


def high_water(pid: int) -> int:
    """Return the greatest resident size that a process ever had, in KiB; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def begin_peak() -> int:
    """Let the greatest resident size of this process count from now on, and return it, in KiB; 0 without /proc.

    What was read and let go before would hide what comes now.
    """
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0
    return high_water(os.getpid())


def cpu_seconds(pid: int) -> float:
    """Return the seconds of all cores that a process has used until now; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
