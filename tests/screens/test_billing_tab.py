"""Aba Faturamento: how a contract is billed, and where each setting comes from."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.provider import ATTENDANT, NOW, Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.backoffice.contracts import billing_tab
from vigente.catalog.models import BillingType, Wallet
from vigente.domain.parameters import BLOCK_AUTOMATICALLY, GROUP_INVOICES, Scope
from vigente.parameters import actions as parameters

pytestmark = pytest.mark.django_db


def test_it_says_how_periods_are_cut_and_what_delay_costs(manager: Client, small: Provider) -> None:
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    contract = small.activate()

    shown = manager.get(f"/contratos/{contract.pk}/?aba=faturamento").context["billing"]

    assert shown.cut == (
        ("Pagamento", "Pós-pago"),
        ("Base do período", "Vencimento"),
        ("Periodicidade", "Mensal"),
        ("Proporcional da primeira fatura", "Na primeira, dias reais"),
    )
    assert shown.payment_form == "Boleto"
    assert shown.late == "2 % de multa e 1 % de juros ao mês"


def test_each_setting_says_where_its_value_comes_from(manager: Client, small: Provider) -> None:
    contract = small.activate()
    for parameter, scope, scope_id in (
        (BLOCK_AUTOMATICALLY, Scope.CONTRACT, contract.pk),
        (GROUP_INVOICES, Scope.BRANCH, small.branch.pk),
    ):
        parameters.set_value(
            parameter, value=False, scope=scope, scope_id=scope_id, by=ATTENDANT, now=NOW
        )

    shown = manager.get(f"/contratos/{contract.pk}/?aba=faturamento").context["billing"]

    settings = {one.title: (one.words, one.came_from, one.is_own) for one in shown.settings}
    assert settings["Bloqueio automático"] == ("Não", "herdado do contrato", True)
    assert settings["Agrupar faturas"] == ("Não", "herdado da filial Matriz", False)
    assert settings["Cobrar proporcional"] == ("Sim", "padrão do Vigente", False)


@pytest.mark.parametrize(
    ("unit", "count", "words"),
    [("MONTH", 1, "Mensal"), ("MONTH", 5, "5 meses"), ("DAY", 1, "1 dia"), ("DAY", 30, "30 dias")],
)
def test_a_periodicity_is_told_in_words(unit: str, count: int, words: str) -> None:
    assert billing_tab.periodicity(BillingType(period_unit=unit, period_count=count)) == words


def test_the_tab_fits(signed_in: Page, isp: Provider, width: int) -> None:
    contract = isp.activate()
    signed_in.goto(f"/contratos/{contract.pk}/?aba=faturamento")
    assert_fit_for_all(signed_in)
