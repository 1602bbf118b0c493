"""The `vigente` command: it reads the clock and the arguments, and makes one call."""

import argparse
import os
from importlib import import_module

COMMANDS = ("close_month", "bench", "import_command", "demo", "worker", "manage")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigente.project.settings")
    parser = argparse.ArgumentParser(
        prog="vigente", description="Contratos e cobrança recorrente de provedores de internet."
    )
    commands = parser.add_subparsers(required=True, metavar="comando")
    for module in COMMANDS:
        import_module(f"vigente.cli.{module}").add_parser(commands)
    chosen = parser.parse_args(arguments)
    code: int = chosen.run(chosen)
    return code
