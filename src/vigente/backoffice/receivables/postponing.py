"""Postponing the due dates of marked receivables: each new date is seen before it is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.deeds import PREVIEW
from vigente.backoffice.fields import Day, Text, Whole
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.registers.wallets import percent
from vigente.backoffice.scope import needs
from vigente.billing.models import Receivable
from vigente.billing.settling import ReceivableNotOpen
from vigente.domain import money
from vigente.domain.permissions import Permission
from vigente.domain.postponement import ByDays, Extension, PostponementRefused, ToDay
from vigente.journeys import postponement as journey
from vigente.journeys.postponement import Foreseen

MARK = "conta"
MOST_AT_ONCE = 200


class PostponingForm(forms.Form):
    """Until when, one way or the other, and why."""

    day = Day("Novo vencimento", required=False)
    days = Whole("Ou adiar tantos dias", 1, 366, required=False)
    reason = Text("Motivo", 200)

    def clean(self) -> dict[str, Any]:
        """Ask for one of both ways."""
        told = super().clean() or {}
        both = ("day", "days")
        if not set(both) & set(self.errors) and sum(bool(told.get(name)) for name in both) != 1:
            self.add_error("day", "Informe o novo vencimento ou quantos dias adiar, um dos dois.")
        return told

    def extension(self) -> Extension | None:
        """Return until when, once one way is told; the reason may still be missing."""
        if not self.is_bound or {"day", "days"} & set(self.errors):
            return None
        day, days = self.cleaned_data.get("day"), self.cleaned_data.get("days")
        if day is not None:
            return ToDay(day)
        return None if days is None else ByDays(days)


@needs(Permission.POSTPONE)
def postpone(request: HttpRequest) -> HttpResponse:
    """Ask until when the marked receivables are postponed, and why."""
    today = timezone.localdate()
    is_preview = PREVIEW in request.POST
    marked = _marked(request)
    form = PostponingForm(request.POST or None)
    fields.prepare(form, branch_ids=())
    if form.is_bound and form.is_valid() and not is_preview:
        try:
            return sending.once(request, lambda: _postponed(request, form, marked, today=today))
        except (PostponementRefused, ReceivableNotOpen) as refused:
            form.add_error(None, str(refused))
    extension = form.extension()
    plan = journey.foresee(marked, by=extension, today=today) if extension else ()
    context = {
        "form": form,
        "rows": [(one, journey.standing_refusal(one)) for one in marked],
        "plan": plan,
        "sentences": _sentences(plan, today=today),
        "back": _back(marked),
        "key": sending.key(request),
    }
    if is_preview and request.headers.get("HX-Request"):
        return render(request, "receivables/_postponed.html", context)
    is_refused = form.is_bound and bool(form.errors) and not is_preview
    return render(request, "receivables/postpone.html", context, status=422 if is_refused else 200)


def _marked(request: HttpRequest) -> list[Receivable]:
    """Return the marked receivables of the person's branches, or answer that there are none."""
    texts = (request.POST or request.GET).getlist(MARK)[:MOST_AT_ONCE]
    ids = [number for text in texts if (number := of_address.a_number(text)) is not None]
    found = list(
        Receivable.objects.filter(pk__in=ids, branch_id__in=scope.branch_ids(request))
        .select_related("customer", "wallet", "branch")
        .order_by("due_on", "pk")
    )
    if ids and not found:
        raise Http404
    return found


def _postponed(
    request: HttpRequest, form: PostponingForm, marked: Sequence[Receivable], *, today: date
) -> str:
    extension = form.extension()
    if extension is None:
        raise PostponementRefused("Informe o novo vencimento ou quantos dias adiar.")
    number = journey.postpone(
        [one.pk for one in marked],
        extension=extension,
        reason=form.cleaned_data["reason"],
        by=scope.actor(request),
        now=timezone.now(),
        today=today,
    )
    words = "1 vencimento prorrogado." if number == 1 else f"{number} vencimentos prorrogados."
    messages.success(request, words)
    return _back(marked)


def _back(marked: Sequence[Receivable]) -> str:
    if len(marked) == 1:
        return reverse("receivable", args=[marked[0].pk])
    return reverse("receivables")


def _sentences(plan: Sequence[Foreseen], *, today: date) -> list[str]:
    """Tell what moving the due dates means for fine and interest, discounts and invoices."""
    moved = [one.receivable for one in plan if one.due_on is not None]
    if not moved:
        return []
    rates = {(one.wallet.fine_percent, one.wallet.interest_percent_month) for one in moved}
    sentences = [
        f"Multa de {percent(fine)}% e juros de {percent(interest)}% ao mês passam a contar do "
        "novo vencimento."
        for fine, interest in sorted(rates)
    ]
    if any(one.due_on < today for one in moved):
        sentences.append("O atraso até hoje deixa de contar: a conta volta a ficar a vencer.")
    discounts = sum(one.discount_until_due_cents - one.discounted_cents for one in moved)
    if discounts:
        sentences.append(
            f"Descontos por pagar até o vencimento, {money.brl(discounts)} ao todo, valem até o "
            "novo vencimento."
        )
    sentences.append("O vencimento nominal das faturas e os períodos de uso não mudam.")
    return sentences
