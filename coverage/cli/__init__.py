"""The command line. The only room that prints."""

from coverage.cli.commands import cli as cli
