"""`vigente manage …`: Django's own commands, such as migrate."""

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("manage", help="comandos do Django: migrate, shell, …")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Hand the arguments to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["vigente manage", *chosen.rest])
    return 0
