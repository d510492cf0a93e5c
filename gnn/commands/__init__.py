"""The commands ``fullcycle gaps`` and ``fullcycle gnn``."""

from gnn.commands.app import app
from gnn.commands.gaps import gaps

__all__ = ["app", "gaps"]
