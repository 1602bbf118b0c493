"""`vigente import clientes FILE`: brings a provider's spreadsheets in."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vigente.imports.actions import Report

PROBLEMS_SHOWN = 50


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("import", help="importa planilhas do provedor (CSV ou XLSX)")
    parser.add_argument("sheet", help="tipo da planilha: clientes, planos, contratos, …")
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="só confere; não grava nada")
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUNA=CAMPO", help="de coluna para campo"
    )
    parser.add_argument("--bad-rows", type=Path, help="arquivo para as linhas com problema")
    parser.add_argument("--json", action="store_true", help="saída em JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Import the file; the exit code is 1 where rows were refused, 2 where the file was."""
    import django

    django.setup()
    from django.utils import timezone

    from vigente.audit.actor import Actor
    from vigente.imports import actions, reading, sheets
    from vigente.imports.all_sheets import SHEETS

    sheet = SHEETS.get(chosen.sheet)
    if sheet is None:
        print(f"Planilha desconhecida. Use uma destas: {', '.join(SHEETS)}.", file=sys.stderr)
        return 2
    bad_rows = chosen.bad_rows or chosen.file.with_suffix(".corrigir.csv")
    context = sheets.Context(Actor(None, "linha de comando"), timezone.now(), timezone.localdate())
    try:
        report = actions.import_file(
            sheet,
            chosen.file,
            context=context,
            given=dict(pair.rsplit("=", 1) for pair in chosen.map if "=" in pair),
            dry_run=chosen.dry_run,
            bad_rows=bad_rows,
        )
    except (
        reading.NotASpreadsheet,
        reading.EmptySpreadsheet,
        sheets.ColumnsMissing,
        sheets.ColumnUnknown,
    ) as refused:
        print(refused, file=sys.stderr)
        return 2
    except FileNotFoundError:
        print(f"Não existe o arquivo {chosen.file}.", file=sys.stderr)
        return 2
    print(_json(report) if chosen.json else _text(report, dry_run=chosen.dry_run))
    return 1 if report.bad else 0


def _json(report: "Report") -> str:
    return json.dumps(asdict(report), indent=2, ensure_ascii=False, default=str)


def _text(report: "Report", *, dry_run: bool) -> str:
    told = [
        f"{report.file_name}: {report.rows} linhas",
        f"  {'entrariam' if dry_run else 'entraram'}: {report.written}",
        f"  já importadas, sem mudança: {report.unchanged}",
        f"  com problema: {report.bad}",
    ]
    if report.unknown_columns:
        told.append(f"  colunas sem uso: {', '.join(report.unknown_columns)}")
    for problem in report.problems[:PROBLEMS_SHOWN]:
        where = f"linha {problem.line}"
        if problem.column:
            where += f", {problem.column}"
        told.append(f"    {where}: «{problem.value}» {problem.reason}")
    if len(report.problems) > PROBLEMS_SHOWN:
        told.append("    …")
    if report.bad and report.bad_rows:
        told.append(f"  linhas a corrigir: {report.bad_rows}")
    return "\n".join(told)
