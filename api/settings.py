"""What the environment says about the service: the only file of this package that reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from schema.errors import SettingsError

HOST = "127.0.0.1"
"""The service has no roles and no limits yet, so that it listens on loopback only."""

VARIABLES = (("FULLCYCLE_API_PORT", "8000", "Port on which GraphQL is served, on 127.0.0.1 only."),)
"""Name, default and meaning of each variable; the documentation is tested against it."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where the service listens.

    Arguments:
        port: TCP port, 1 to 65535; 0 takes a free one.
    """

    port: int = 8000

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "ServiceSettings":
        """Read the settings.

        Raises:
            SettingsError: the port is no number from 0 to 65535.
        """
        name, default, _ = VARIABLES[0]
        text = (os.environ if environ is None else environ).get(name, "") or default
        if not text.isascii() or not text.isdigit() or int(text) > 65535:
            raise SettingsError(f"port {text!r}", "a number from 0 to 65535", where=name)
        return cls(int(text))
