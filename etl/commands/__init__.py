"""`fullcycle load`: every source, its report, and what was held back."""

from etl.commands.app import app

__all__ = ["app"]
