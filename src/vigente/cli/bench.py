"""`vigente bench`: the month close beside plain COPY, a mass alteration, or a return file.

It makes a database of its own on the same server, so it can be run beside real data, and leaves
nothing behind.
"""

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vigente.cli import server

type Measure = Callable[[int, int], dict[str, float]]

TABLES = ("billing_invoiceline", "billing_invoice", "billing_receivable")


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "bench", help="mede o fechamento do mês, a alteração em massa e um retorno"
    )
    parser.add_argument("what", choices=list(MEASURES))
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--records", type=int, dest="contracts", help="registros de um retorno")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make the contracts in a database of their own and measure."""
    import django

    with server.at_hand():
        django.setup()
        figures = _in_a_database_of_its_own(MEASURES[chosen.what], chosen.contracts, chosen.workers)
    if chosen.json:
        print(json.dumps(figures, indent=2))
    else:
        print("\n".join(f"{name:<22}{value:>14}" for name, value in figures.items()))
    return 0


def _in_a_database_of_its_own(measure: Measure, contracts: int, workers: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import connection, connections

    name = f"vigente_bench_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    settings = connections.databases["default"]
    before = settings["NAME"]
    try:
        settings["NAME"] = connection.settings_dict["NAME"] = name
        os.environ["DATABASE_URL"] = _url(settings)
        call_command("migrate", verbosity=0)
        return measure(contracts, workers)
    finally:
        connections.close_all()
        settings["NAME"] = connection.settings_dict["NAME"] = before
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(settings: dict[str, Any]) -> str:
    secret = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return (
        f"postgres://{settings['USER']}{secret}@{settings['HOST']}:{settings['PORT']}"
        f"/{settings['NAME']}"
    )


def _month_close(contracts: int, workers: int) -> dict[str, float]:
    """Close the month, and copy the same rows again."""
    from vigente.cli import bench_provider, close_month

    run = bench_provider.make(contracts)
    seconds = _timed(close_month.write_chunks, [run.pk] * workers)
    peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    written = bench_provider.written(run)
    copy_seconds = _copy_again(workers)
    return {
        "contracts": contracts,
        **written,
        "workers": workers,
        "seconds": round(seconds, 2),
        "invoices_per_second": round(written["invoices"] / seconds),
        "copy_seconds": round(copy_seconds, 2),
        "ratio_to_copy": round(seconds / copy_seconds, 2),
        "peak_rss_mb": round(peak_kib / 1024, 1),
    }


def _mass_alteration(contracts: int, workers: int) -> dict[str, float]:
    """Simulate a readjustment of all contracts, and carry it out."""
    from vigente.cli import bench_readjustment

    run = bench_readjustment.make(contracts)
    simulation = _timed(bench_readjustment.simulate, [run.pk] * workers)
    bench_readjustment.execute(run)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = _timed(bench_readjustment.write, [run.pk] * workers)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "contracts": contracts,
        **bench_readjustment.written(run),
        "workers": workers,
        "simulation_seconds": round(simulation, 2),
        "seconds": round(seconds, 2),
        "per_second": round(contracts / seconds),
        "python_cpu_seconds": round(_cpu(after) - _cpu(before), 2),
        "peak_rss_mb": round(after.ru_maxrss / 1024, 1),
    }


def _return_file(records: int, _workers: int) -> dict[str, float]:
    """Read a return file of payments, as one worker does."""
    from vigente.cli import bench_return

    file_id, remittance_seconds = bench_return.make(records)
    seconds = _timed(bench_return.read, [file_id])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "records": records,
        **bench_return.written(),
        "remittance_seconds": round(remittance_seconds, 2),
        "seconds": round(seconds, 2),
        "records_per_second": round(records / seconds),
        "peak_rss_mb": round(used.ru_maxrss / 1024, 1),
        "load_average": round(os.getloadavg()[0], 2),
    }


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


MEASURES: dict[str, Measure] = {
    "month-close": _month_close,
    "mass-alteration": _mass_alteration,
    "return-file": _return_file,
}


def _copy_again(workers: int) -> float:
    """Return the seconds that COPY takes for the same rows in as many transactions."""
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        chunks = _unload(Path(folder))
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE billing_itemcharge, payments_allocation, payments_creditentry,"
                f" {', '.join(TABLES)} CASCADE"
            )
        return _timed(_load, [[str(chunk) for chunk in chunks[n::workers]] for n in range(workers)])


def _timed[T](work: Callable[[T], None], shares: list[T]) -> float:
    """Return the seconds that as many warm processes as shares take, one connection each."""
    from django.db import connections

    connections.close_all()
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(len(shares), initializer=_warm_up) as pool:
        began = time.perf_counter()
        pool.map(work, shares, chunksize=1)
        seconds = time.perf_counter() - began
        pool.close()
        pool.join()
    return seconds


def _unload(folder: Path) -> list[Path]:
    """Write each chunk's rows to files, as COPY will read them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, customer_from, customer_until FROM billing_closechunk")
        chunks = list(cursor.fetchall())
        for number, first, end in chunks:
            target = folder / str(number)
            target.mkdir()
            held = (
                "SELECT i.* FROM billing_invoice i JOIN contracts_contract c"
                " ON c.id = i.contract_id WHERE c.customer_id >= %s AND c.customer_id < %s"
            )
            parts = {
                "billing_invoice": f"{held} ORDER BY i.id",
                "billing_invoiceline": "SELECT l.* FROM billing_invoiceline l"  # noqa: S608
                f" WHERE l.invoice_id IN (SELECT id FROM ({held}) h) ORDER BY 1, 2",
                "billing_receivable": "SELECT * FROM billing_receivable"
                " WHERE customer_id >= %s AND customer_id < %s ORDER BY id",
            }
            for table, query in parts.items():
                with cursor.copy(f"COPY ({query}) TO STDOUT", [first, end]) as source:
                    (target / table).write_bytes(b"".join(bytes(block) for block in source))
    return [folder / str(number) for number, _, _ in chunks]


def _warm_up() -> None:
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()


def _load(chunks: list[str]) -> None:
    from django.db import connection, transaction

    for chunk in chunks:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN") as target:
                    target.write((Path(chunk) / table).read_bytes())
