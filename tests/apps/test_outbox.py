"""Effects leave after the commit, once per key, again later where they fail."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.provider import NOW
from vigente.gateways.messages.port import DeliveryFailed
from vigente.outbox import actions, delivery
from vigente.outbox.actions import NewEffect
from vigente.outbox.models import Effect
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


def test_a_message_becomes_a_file(settings, tmp_path) -> None:  # noqa: ANN001
    settings.MESSAGES_FOLDER = tmp_path
    want(channel="EMAIL", to="ana@example.com", subject="Fatura", text="Olá")

    delivery.deliver_due(now=NOW, handlers=handlers.HANDLERS)

    assert len(list(tmp_path.glob("*.json"))) == 1
