"""Effects leave after the commit, once per key, again later where they fail."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.provider import ATTENDANT, NOW
from vigente.audit import queries as audit
from vigente.gateways.messages.port import DeliveryFailed
from vigente.journeys import outbox as journey
from vigente.outbox import actions, delivery, queries
from vigente.outbox.actions import NewEffect
from vigente.outbox.models import Effect
from vigente.outbox.states import EffectStatus
from vigente.worker import handlers

pytestmark = pytest.mark.django_db


def want(key: str = "aviso 1", kind: str = "MESSAGE", **payload: str) -> None:
    actions.enqueue([NewEffect(key=key, kind=kind, payload=payload)], now=NOW)


def failing(*, permanent: bool) -> dict[str, delivery.Handler]:
    def fail(_effect: Effect) -> None:
        raise DeliveryFailed("fora do ar", permanent=permanent)

    return {"MESSAGE": fail}


def test_an_effect_is_delivered_once_per_key() -> None:
    delivered: list[str] = []
    take = {"MESSAGE": lambda effect: delivered.append(effect.key)}
    want()
    want()

    assert delivery.deliver_due(now=NOW, handlers=take) == 1
    assert delivery.deliver_due(now=NOW, handlers=take) == 0
    assert delivered == ["aviso 1"]


def test_the_key_is_kept_by_the_database() -> None:
    want()

    with pytest.raises(IntegrityError, match="effect_once_per_key"), transaction.atomic():
        Effect.objects.create(key="aviso 1", kind="MESSAGE", due_at=NOW, created_at=NOW)


def test_a_rollback_takes_the_effect_along() -> None:
    with transaction.atomic():
        want()
        transaction.set_rollback(True)

    assert Effect.objects.count() == 0


def test_a_failed_effect_waits_longer_each_time_and_at_last_is_dead() -> None:
    want()
    now, waits = NOW, []
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver_due(now=now, handlers=failing(permanent=False))
        effect = Effect.objects.get()
        waits.append(int((effect.due_at - now).total_seconds() // 60))
        now = effect.due_at

    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == 360
    assert (effect.status, effect.last_error) == ("DEAD", "fora do ar")


def test_each_failed_attempt_is_kept_with_its_moment_and_error() -> None:
    want()
    delivery.deliver_due(now=NOW, handlers=failing(permanent=False))
    later = Effect.objects.get().due_at
    delivery.deliver_due(now=later, handlers={"MESSAGE": lambda _: 1 / 0})

    kept = [(one.at, one.error) for one in Effect.objects.get().failures.order_by("pk")]
    assert kept == [(NOW, "fora do ar"), (later, "ZeroDivisionError: division by zero")]
    with (
        pytest.raises(IntegrityError, match="failed_attempt_says_why"),
        transaction.atomic(),
    ):
        Effect.objects.get().failures.create(at=NOW, error="")


def test_a_permanent_failure_is_dead_at_once_and_may_be_retried() -> None:
    want()
    delivery.deliver_due(now=NOW, handlers=failing(permanent=True))
    effect = Effect.objects.get()
    assert effect.status == "DEAD"

    actions.retry(effect.pk, now=NOW)
    delivery.deliver_due(now=NOW, handlers={"MESSAGE": lambda _: None})

    effect.refresh_from_db()
    assert effect.status == "DELIVERED"
    with pytest.raises(actions.EffectNotWaiting):
        actions.retry(effect.pk, now=NOW)


def test_a_fault_of_ours_stops_no_other_effect() -> None:
    def handler(effect: Effect) -> None:
        if effect.key == "1":
            raise ZeroDivisionError

    want("1")
    want("2")
    delivery.deliver_due(now=NOW, handlers={"MESSAGE": handler})

    assert [e.status for e in Effect.objects.order_by("key")] == ["FAILING", "DELIVERED"]


def test_an_effect_that_nobody_delivers_waits_and_says_so() -> None:
    want(kind="SMOKE")
    delivery.deliver_due(now=NOW, handlers={})

    assert "não há quem entregue «SMOKE»" in Effect.objects.get().last_error


def test_a_discarded_effect_needs_a_reason_and_stays_discarded() -> None:
    want()
    effect = Effect.objects.get()

    with pytest.raises(actions.EffectNotWaiting, match="por que"):
        actions.discard(effect.pk, reason="", now=NOW)
    actions.discard(effect.pk, reason="cliente pediu", now=NOW)

    assert delivery.deliver_due(now=NOW + timedelta(days=1), handlers={}) == 0
    with pytest.raises(actions.EffectNotWaiting):
        actions.discard(effect.pk, reason="de novo", now=NOW)


@pytest.mark.parametrize("change", [{"status": "PENDING"}, {"key": "aviso 2"}, {"kind": "OUTRO"}])
def test_a_delivered_effect_stays_so(change: dict[str, str]) -> None:
    want()
    delivery.deliver_due(now=NOW, handlers={"MESSAGE": lambda _: None})

    with pytest.raises(IntegrityError, match="its key is used up"), transaction.atomic():
        Effect.objects.update(**change)


def test_a_key_is_never_free_again() -> None:
    want()

    with pytest.raises(IntegrityError, match="its key is used up"), transaction.atomic():
        Effect.objects.all().delete()


def test_what_waits_is_told_by_status_and_branch() -> None:
    want("1")
    actions.enqueue([NewEffect(key="2", kind="MESSAGE", branch_id=7)], now=NOW)
    delivery.deliver_due(now=NOW, handlers=failing(permanent=True), most=1)

    counted = queries.counts_by_status()
    assert (counted[EffectStatus.PENDING], counted[EffectStatus.DEAD]) == (1, 1)
    assert [e.key for e in queries.waiting()] == ["2"]
    assert [e.key for e in queries.waiting(statuses=[EffectStatus.DEAD])] == ["1"]
    assert [e.key for e in queries.waiting(branch_ids=[8])] == []


def test_trying_again_and_giving_up_are_in_the_trail() -> None:
    want()
    delivery.deliver_due(now=NOW, handlers=failing(permanent=True))
    effect = Effect.objects.get()

    journey.retry(effect.pk, by=ATTENDANT, now=NOW)
    journey.discard(effect.pk, reason="cliente pediu", by=ATTENDANT, now=NOW)

    done = audit.trail(object_kind="effect", object_id=effect.pk)
    assert [(e.action, e.by_name) for e in done] == [
        ("effect discarded", "Ana Atendente"),
        ("effect retried", "Ana Atendente"),
    ]
    assert done[0].detail == {"key": "aviso 1", "reason": "cliente pediu"}


def test_what_is_refused_leaves_no_trace_in_the_trail() -> None:
    want()
    effect = Effect.objects.get()

    with pytest.raises(actions.EffectNotWaiting):
        journey.retry(effect.pk, by=ATTENDANT, now=NOW)

    assert not audit.trail(object_kind="effect", object_id=effect.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_effect() -> None:
    want("1")
    want("2")
    taken: list[str] = []

    def rival() -> None:
        delivery.deliver_due(now=NOW, handlers={"MESSAGE": lambda e: taken.append(e.key)})
        connection.close()

    def slow(effect: Effect) -> None:
        taken.append(effect.key)
        if effect.key == "1":
            thread = threading.Thread(target=rival)
            thread.start()
            thread.join(timeout=20)

    delivery.deliver_due(now=NOW, handlers={"MESSAGE": slow})

    assert taken == ["1", "2"]


def test_a_message_becomes_a_file(settings, tmp_path) -> None:  # noqa: ANN001
    settings.MESSAGES_FOLDER = tmp_path
    want(channel="EMAIL", to="ana@example.com", subject="Fatura", text="Olá")

    delivery.deliver_due(now=NOW, handlers=handlers.HANDLERS)

    assert len(list(tmp_path.glob("*.json"))) == 1
