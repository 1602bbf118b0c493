"""What every supplier of Pix automático does; each new one is added and passes the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from vigente.gateways.pix.fake import FilePixRecurrences
from vigente.gateways.pix.port import Invitation, PixFailed

ASKED = Invitation(
    key="convite 1",
    reference="Contrato 7",
    payer_name="Marina Alves",
    payer_tax_id="52998224725",
    due_day=10,
)


@pytest.fixture(params=[FilePixRecurrences])
def pix(request: pytest.FixtureRequest, tmp_path: Path) -> FilePixRecurrences:
    supplier: FilePixRecurrences = request.param(tmp_path / "pix")
    return supplier


def test_the_same_key_invites_once(pix: FilePixRecurrences) -> None:
    first = pix.invite(ASKED)

    assert pix.invite(replace(ASKED, due_day=20)) == first
    assert pix.invite(replace(ASKED, key="convite 2")) != first
    assert pix.is_standing(first)


def test_an_ended_recurrence_stays_ended(pix: FilePixRecurrences) -> None:
    recurrence_id = pix.invite(ASKED)

    pix.cancel(recurrence_id, reason="mudança do vencimento")
    pix.cancel(recurrence_id, reason="de novo")
    pix.invite(ASKED)

    assert not pix.is_standing(recurrence_id)


def test_an_unknown_recurrence_fails_for_good(pix: FilePixRecurrences) -> None:
    with pytest.raises(PixFailed) as failed:
        pix.cancel("RR0", reason="")
    assert failed.value.permanent
