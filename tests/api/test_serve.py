"""`fullcycle serve` as a user runs it."""

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from api.listener import listen
from api.settings import HOST, VARIABLES, ServiceSettings
from schema.errors import ServerError, SettingsError

COMMAND = [sys.executable, "-c", "from cypher.command import main; main()", "serve"]


def started(*words):
    """Start the command; return the process and the port that it names."""
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)/graphql", line)
    assert found, (line, process.stderr.read())
    return process, int(found[1])


def test_it_serves_on_loopback_until_ctrl_c(world):
    """Would catch a port that is not told, one open to the network, and an end that is not clean."""
    process, port = started("--port", "0")
    try:
        with httpx.Client(base_url=f"http://{HOST}:{port}", timeout=60) as client:
            answer = client.post("/graphql", json={"query": "{ generation { code } }"})
            assert answer.json() == {"data": {"generation": {"code": "t:g2"}}}
            assert client.get("/health").status_code == 200
            with socket.socket() as probe:
                # Another address of the loopback net stands for every other address of this machine.
                assert probe.connect_ex(("127.0.0.2", port)) != 0
            # A connection that is kept open must not hinder the end.
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert (output, errors) == ("", "")


def test_a_taken_port_is_named(connection):
    """Would catch a traceback, or a service that seems to run, where the port is taken."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port}: .*--port"):
            listen(port)
        ended = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"fullcycle: serve: port {port}")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("0", 0), ("65535", 65535)])
def test_the_port_is_read_from_the_environment(text, port):
    """Would catch an empty variable taken for a wrong one."""
    assert ServiceSettings.from_environment({"FULLCYCLE_API_PORT": text}) == ServiceSettings(port)
    assert str(ServiceSettings().port) == VARIABLES[0][1]


@pytest.mark.parametrize("text", ["65536", "-1", "8e3", "８０００", "port"])
def test_a_wrong_port_is_refused(text):
    """Would catch a service that listens somewhere else than its operator thinks."""
    with pytest.raises(SettingsError, match=r"FULLCYCLE_API_PORT: port .* expected a number from 0 to 65535"):
        ServiceSettings.from_environment({"FULLCYCLE_API_PORT": text})
