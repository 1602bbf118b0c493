"""The `vigente` command: it reads the clock and the arguments, and makes one call."""

import argparse
import os
import sys
from importlib import import_module

from vigente.project import local_postgres

COMMANDS = ("close_month", "bench", "import_command", "calc", "demo", "worker", "manage")

NO_DATABASE = (
    "O banco de dados não responde. Inicie-o (o de demonstração, com make demo) ou diga em"
    " DATABASE_URL onde ele está, e repita o comando."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code, which is 1 when there is no database to work on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigente.project.settings")
    parser = argparse.ArgumentParser(
        prog="vigente", description="Contratos e cobrança recorrente de provedores de internet."
    )
    commands = parser.add_subparsers(required=True, metavar="comando")
    for module in COMMANDS:
        import_module(f"vigente.cli.{module}").add_parser(commands)
    chosen = parser.parse_args(arguments)
    from django.db import OperationalError

    try:
        code: int = chosen.run(chosen)
    except local_postgres.ServerRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OperationalError as fault:
        print(f"{NO_DATABASE}\n{fault}", file=sys.stderr)
        return 1
    return code
