"""`vigente worker`: carries out background jobs and the daily schedule."""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Coroutine
from typing import Any

SECONDS_UNTIL_RETRY = 5
AWAY = "O banco de dados não responde. As tarefas continuam assim que ele voltar."


def add_parser(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("worker", help="executa as tarefas e os fechamentos automáticos")
    parser.add_argument("--jobs", type=int, default=3, help="tarefas ao mesmo tempo")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Work until told to stop, starting over whenever the database went away."""
    import django

    django.setup()
    while not asyncio.run(_work(chosen.jobs)):
        time.sleep(SECONDS_UNTIL_RETRY)
    return 0


async def _work(jobs: int) -> bool:
    """Work until told to stop or until the database goes away; return whether told."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.exceptions import ConnectorException

    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    cause: object = ""
    try:
        with app.replace_connector(DjangoConnector().get_worker_connector()):
            async with app.open_async():
                work = app.run_worker_async(concurrency=jobs, install_signal_handlers=False)
                await _until(told, work)
    except ConnectorException as lost:
        cause = lost.__cause__
    if not told.is_set():
        print(f"{AWAY} {cause}".strip(), file=sys.stderr, flush=True)
    return told.is_set()


async def _until(told: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Await the work, or end it in good order once told."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(told.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
