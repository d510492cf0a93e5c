"""Typer apps that the command `fullcycle` is put together from."""
