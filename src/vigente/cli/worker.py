"""`vigente worker`: carries out background jobs and the daily schedule."""

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("worker", help="executa as tarefas e os fechamentos automáticos")
    parser.add_argument("--jobs", type=int, default=1, help="tarefas ao mesmo tempo")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Work until stopped."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("procrastinate", "worker", "--concurrency", str(chosen.jobs))
    return 0
