"""What each register is tried with: fields that make a good row, in the words of its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.provider import Provider

type Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A good form, and a field whose change is seen in the list or in the form."""

    good: Callable[[Provider], Typed]
    field: str
    changed: str


TRIALS: dict[str, Trial] = {
    "clientes": Trial(
        lambda isp: {
            "name": "Marina Conceição",
            "tax_id": "529.982.247-25",
            "trade_name": "Ateliê da Marina",
            "born_on": "1988-02-29",
            "branch_id": str(isp.branch.pk),
            "code": "L-17",
            "note": "Portão azul.",
            "is_active": "on",
            "addresses-0-street": "Rua das Flores",
            "addresses-0-number": "12",
            "addresses-0-city": "Serra Clara",
            "addresses-0-uf": "mg",
            "addresses-0-postal_code": "36500-000",
            "phones-0-value": "(31) 98765-4321",
            "emails-0-value": "Marina@example.com",
        },
        field="name",
        changed="Marina da Conceição",
    ),
    "produtos": Trial(
        lambda _isp: {
            "code": "FIBRA600",
            "name": "Fibra 600 Mega",
            "kind": "INTERNET",
            "tax_class": "SCM",
            "unit": "UN",
            "price_cents": "1.099,90",
            "download_kbps": "600000",
            "upload_kbps": "300000",
            "is_active": "on",
        },
        field="name",
        changed="Fibra 600 Mega Plus",
    ),
    "condicoes-de-pagamento": Trial(
        lambda _isp: {
            "name": "Duas datas",
            "due_rule": "CUSTOM",
            "interval_days": "",
            "custom_dates": "10/03/2026, 15/04/2026",
        },
        field="name",
        changed="As duas datas",
    ),
    "tipos-de-cobranca": Trial(
        lambda isp: {
            "name": "Mensal pós-pago",
            "timing": "POSTPAID",
            "base": "ANNIVERSARY",
            "period_count": "1",
            "period_unit": "MONTH",
            "payment_terms_id": str(isp.terms.pk),
            "first_invoice": "SECOND",
            "first_divisor": "THIRTY",
            "is_active": "on",
        },
        field="name",
        changed="Mensal por aniversário",
    ),
    "carteiras": Trial(
        lambda isp: {
            "name": "Boleto do banco",
            "branch_id": str(isp.branch.pk),
            "payment_form": "BOLETO_PIX",
            "pix_key": "pix@provedor.example",
            "fine_percent": "2,00",
            "interest_percent_month": "0,33",
            "is_active": "on",
        },
        field="interest_percent_month",
        changed="0,5",
    ),
    "planos": Trial(
        lambda isp: {
            "code": "F600",
            "name": "Fibra 600",
            "branch_id": str(isp.branch.pk),
            "billing_type_id": str(isp.billing_type().pk),
            "wallet_id": str(isp.wallet.pk),
            "tier": "2",
            "loyalty_months": "12",
            "loyalty_benefit_cents": "300,00",
            "validity_months": "12",
            "renews": "on",
            "activation_fee_cents": "100,00",
            "activation_instalments": "2",
            "activation_product_id": str(isp.fee.pk),
            "is_active": "on",
            "items-0-product_id": str(isp.internet.pk),
            "items-0-description": "Fibra 600",
            "items-0-quantity": "1,5",
            "items-0-price_cents": "99,90",
            "items-0-cycle_price_cents": "",
        },
        field="name",
        changed="Fibra 600 Mega",
    ),
    "vendedores": Trial(
        lambda isp: {"name": "Caio Bastos", "branch_id": str(isp.branch.pk), "is_active": "on"},
        field="name",
        changed="Caio de Bastos",
    ),
    "motivos-de-cancelamento": Trial(
        lambda _isp: {
            "name": "Mudança de titularidade",
            "waives_last_period": "on",
            "is_active": "on",
        },
        field="name",
        changed="Troca de titular",
    ),
    "modelos-de-documento": Trial(
        lambda _isp: {
            "name": "Adesão residencial",
            "kind": "CONTRACT",
            "body": "Contrato de {{ cliente.nome }},\nno plano {{plano.nome}}.",
            "is_active": "on",
        },
        field="name",
        changed="Adesão de residências",
    ),
    "indices-de-reajuste": Trial(
        lambda _isp: {"code": "IPCA", "month": "2026-02", "percent": "-0,11"},
        field="code",
        changed="IPCA-E",
    ),
    "filiais": Trial(
        lambda _isp: {
            "code": "SC",
            "name": "Santa Clara",
            "tax_id": "11.222.333/0001-81",
            "city": "Santa Clara",
            "uf": "mg",
            "time_zone": "America/Sao_Paulo",
            "difference_policy": "PERIOD_BALANCE",
            "is_active": "on",
            "holidays-0-day": "2026-08-15",
            "holidays-0-name": "Padroeira",
        },
        field="city",
        changed="Santa Clara do Sul",
    ),
    "pessoas": Trial(
        lambda isp: {
            "name": "Bia Ramos",
            "email": "Bia@example.com",
            "password": "abacate-maduro",
            "roles": ["ATTENDANT", "FINANCE"],
            "branches": [str(isp.branch.pk)],
            "is_active": "on",
        },
        field="name",
        changed="Beatriz Ramos",
    ),
}
