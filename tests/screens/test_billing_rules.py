"""Terms and billing types: refused combinations beside their fields, frozen once in use."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider
from tests.screens.answers import faults, seen
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from vigente.catalog.models import BillingType, PaymentTerms
from vigente.domain.schedule import DueRule


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"due_rule": "INTERVAL", "interval_days": "", "custom_dates": ""},
            "interval_days",
            "Intervalo: informe quantos dias até o vencimento, a partir de 0.",
        ),
        (
            {"due_rule": "CUSTOM", "interval_days": "", "custom_dates": ""},
            "custom_dates",
            "Vencimentos personalizados: informe ao menos uma data.",
        ),
        (
            {"due_rule": "FIXED_DAY", "interval_days": "5", "custom_dates": ""},
            "interval_days",
            "Intervalo: só o vencimento por intervalo tem dias; deixe vazio.",
        ),
        (
            {"due_rule": "CUSTOM", "custom_dates": "15/04/2026 10/03/2026"},
            "custom_dates",
            "As datas devem vir em ordem, sem repetição.",
        ),
    ],
)
def test_terms_have_what_their_rule_needs_and_nothing_else(
    manager: Client, typed: dict[str, str], field: str, sentence: str
) -> None:
    before = PaymentTerms.objects.count()

    answer = manager.post("/condicoes-de-pagamento/novo/", {"name": "Nova", **typed})

    assert answer.status_code == 422
    assert faults(answer.content.decode()) == {field: sentence}
    assert PaymentTerms.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (
            {"base": "CALENDAR", "period_unit": "DAY", "first_divisor": "ACTUAL"},
            {
                "base": "Base do período: ciclos em dias não seguem o calendário; "
                "escolha vencimento ou aniversário."
            },
        ),
        (
            {"period_unit": "DAY", "first_divisor": "THIRTY"},
            {
                "first_divisor": "Divisor da primeira fatura: 30 dias só vale para ciclos em "
                "meses; escolha o real."
            },
        ),
        ({"period_count": "401"}, {"period_count": "Número inteiro de 1 a 400."}),
    ],
)
def test_a_billing_type_that_makes_no_periods_is_refused_beside_its_fields(
    small: Provider, manager: Client, typed: dict[str, str], found: dict[str, str]
) -> None:
    good = TRIALS["tipos-de-cobranca"].good(small)

    answer = manager.post("/tipos-de-cobranca/novo/", {**good, **typed})

    assert answer.status_code == 422
    assert faults(answer.content.decode()) == found
    assert not BillingType.objects.exists()


def test_an_interval_too_long_is_refused_in_the_type_and_in_its_terms(
    small: Provider, manager: Client
) -> None:
    """In the base due date, postpaid, the first due date must lie within the first cycle."""
    terms = PaymentTerms.objects.create(
        name="Em 40 dias", due_rule=DueRule.INTERVAL.value, interval_days=40
    )
    good = {
        **TRIALS["tipos-de-cobranca"].good(small),
        "base": "DUE_DATE",
        "payment_terms_id": str(terms.pk),
    }
    address = f"/condicoes-de-pagamento/{terms.pk}/"
    in_terms = {"name": "Em dias", "due_rule": "INTERVAL", "visto": seen(manager, address)}

    refused = manager.post("/tipos-de-cobranca/novo/", good)
    manager.post(address, {**in_terms, "interval_days": "20"})
    kept = manager.post("/tipos-de-cobranca/novo/", good)
    again = manager.post(
        address, {**in_terms, "interval_days": "29", "visto": seen(manager, address)}
    )

    assert "use até 28 dias" in faults(refused.content.decode())["payment_terms_id"]
    assert kept.status_code == 302
    assert faults(again.content.decode())["interval_days"].startswith(
        "No tipo de cobrança «Mensal pós-pago»: Intervalo"
    )


def test_a_billing_type_in_use_is_only_shown_but_for_its_name(
    small: Provider, manager: Client
) -> None:
    billing_type = small.sell().billing_type
    address = f"/tipos-de-cobranca/{billing_type.pk}/"

    shown = manager.get(address)
    renamed = manager.post(address, {"name": "Outro nome", "visto": seen(manager, address)})
    billing_type.refresh_from_db()

    assert "Contratos usam este tipo de cobrança" in shown.content.decode()
    disabled = {name for name, f in shown.context["asked"].form.fields.items() if f.disabled}
    assert disabled == {
        *("timing", "base", "period_count", "period_unit"),
        *("payment_terms_id", "first_invoice", "first_divisor"),
    }
    assert renamed.status_code == 302
    assert (billing_type.name, billing_type.is_active) == ("Outro nome", False)
    assert (billing_type.timing, billing_type.base) == ("POSTPAID", "DUE_DATE")


def test_a_rule_that_came_into_use_meanwhile_is_refused_in_a_sentence(
    small: Provider, manager: Client
) -> None:
    """Whoever opened the form before the first contract was sold hears of it."""
    billing_type = small.billing_type()
    address = f"/tipos-de-cobranca/{billing_type.pk}/"
    typed = {
        **TRIALS["tipos-de-cobranca"].good(small),
        "visto": seen(manager, address),
        "timing": "PREPAID",
    }
    small.sell(small.plan(billing_type=billing_type))

    refused = manager.post(address, typed)

    assert refused.status_code == 422
    assert "crie outro tipo e use-o nas próximas vendas" in refused.content.decode()
    billing_type.refresh_from_db()
    assert billing_type.timing == "POSTPAID"


def test_a_list_of_dates_in_use_only_grows_at_its_end(small: Provider, manager: Client) -> None:
    good = TRIALS["condicoes-de-pagamento"].good(small)
    manager.post("/condicoes-de-pagamento/novo/", good)
    small.terms = PaymentTerms.objects.get(name=good["name"])
    small.sell()
    address = f"/condicoes-de-pagamento/{small.terms.pk}/"

    def change(dates: str) -> int:
        typed = {"name": "Duas datas", "custom_dates": dates, "visto": seen(manager, address)}
        return manager.post(address, typed).status_code

    assert change("10/03/2026, 16/04/2026") == 422
    assert change("10/03/2026, 15/04/2026, 20/05/2026") == 302
    small.terms.refresh_from_db()
    assert [f"{day:%d/%m}" for day in small.terms.custom_dates] == ["10/03", "15/04", "20/05"]


def test_the_forms_on_screen(signed_in: Page, isp: Provider) -> None:
    billing_type = isp.sell().billing_type

    signed_in.goto(f"/tipos-de-cobranca/{billing_type.pk}/")
    expect(signed_in.get_by_label("Pagamento", exact=True)).to_be_disabled()
    assert_fit_for_all(signed_in)
    signed_in.goto("/condicoes-de-pagamento/novo/")
    assert_fit_for_all(signed_in)
    signed_in.fill("[name=name]", "Em 15 dias")
    signed_in.select_option("[name=due_rule]", "INTERVAL")
    signed_in.fill("[name=interval_days]", "15")
    signed_in.keyboard.press("Control+s")

    expect(signed_in.get_by_text("«Em 15 dias» foi salvo.")).to_be_visible()
