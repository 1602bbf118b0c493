"""The bank account of a wallet."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.fields import Text, Whole
from vigente.backoffice.registers import wallets
from vigente.backoffice.scope import needs
from vigente.catalog.models import Wallet
from vigente.domain.permissions import Permission
from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.port import Account, BoletoRefused
from vigente.journeys import bank_accounts
from vigente.journeys.bank_accounts import AccountRefused
from vigente.payments.bank_models import BankAccount


def _words(word: str) -> str:
    """Say what each bank wants in a field."""
    told = ((bank.name, getattr(bank, word)) for bank in BANKS.values())
    return "; ".join(f"{name}: {asked.lower()}" for name, asked in told if asked) + "."


class AccountForm(forms.Form):
    """What is asked of an account."""

    bank = forms.ChoiceField(
        label="Banco",
        choices=[
            ("", "Escolha…"),
            *((code, f"{one.name} ({code})") for code, one in BANKS.items()),
        ],
    )
    agency = Text("Agência", 4, help_text="Sem o dígito.")
    number = Text("Conta", 11, help_text="Sem o dígito.")
    digit = Text("Dígito da conta", 1)
    carteira = Text("Carteira do banco", 3)
    code = Text("Código no banco", 20, required=False, help_text=_words("code_word"))
    extra = Text("Complemento", 20, required=False, help_text=_words("extra_word"))
    holder_name = Text("Beneficiário", 120)
    holder_tax_id = Text("CNPJ ou CPF do beneficiário", 18)
    next_number = Whole("Próximo nosso número", 1, 99_999_999_999, initial=1)
    next_remittance = Whole("Próxima remessa", 1, 999_999, initial=1)


def _initial(wallet: Wallet, _today: date) -> Told:
    account = BankAccount.objects.filter(wallet=wallet).first()
    if account is None:
        return {"next_number": 1, "next_remittance": 1}
    return {name: getattr(account, name) for name in AccountForm.base_fields}


def _foresee(_wallet: Wallet, _told: Told, _today: date) -> Foreseen:
    return Foreseen(
        sentences=(
            "As contas desta carteira passam a ter boletos, enviados em Financeiro › Remessas.",
            "Antes da primeira remessa de verdade, envie uma de teste: o banco aprova os arquivos.",
        )
    )


def _act(request: HttpRequest, wallet: Wallet, told: Told) -> str:
    account = {name: told[name] for name in Account.__dataclass_fields__}
    account["holder_tax_id"] = "".join(filter(str.isalnum, told["holder_tax_id"])).upper()
    bank_accounts.keep(
        wallet,
        Account(**account),
        next_number=told["next_number"],
        next_remittance=told["next_remittance"],
        by=scope.actor(request),
        now=timezone.now(),
    )
    return reverse("carteiras-edit", args=[wallet.pk])


def _crumbs(wallet: Wallet) -> tuple[Crumb, ...]:
    return (
        ("Carteiras de cobrança", reverse("carteiras")),
        (wallet.name, reverse("carteiras-edit", args=[wallet.pk])),
    )


ACCOUNT = Deed(
    title="Conta no banco",
    button="Salvar",
    done="Conta no banco salva.",
    form=AccountForm,
    about=lambda wallet: wallet.name,
    crumbs=_crumbs,
    initial=_initial,
    foresee=_foresee,
    act=_act,
    refusals=(BoletoRefused, AccountRefused),
    group="Cadastros",
)


@needs(Permission.CHANGE_CATALOG)
def account(request: HttpRequest, wallet_id: int) -> HttpResponse:
    """Ask for the bank account of a wallet."""
    wallet = get_object_or_404(wallets.rows(scope.branch_ids(request)), pk=wallet_id)
    return deeds.respond(request, ACCOUNT, wallet)
