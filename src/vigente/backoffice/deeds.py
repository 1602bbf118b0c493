"""A deed: something done to one thing, asked for in a form that shows the consequences first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vigente.backoffice import fields, scope, sending

PREVIEW = "previa"

type Told = Mapping[str, Any]
type Crumb = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a deed would do: in sentences, and in amounts with their words."""

    sentences: tuple[str, ...] = ()
    amounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed[Subject]:
    """One deed: its words, what it asks, foresees and does; `sees` is what foreseeing needs.

    `offer` gives the form choices that depend on the subject. `group` is the heading of the menu
    under which its page stands.
    """

    title: str
    button: str
    done: str
    form: type[forms.Form]
    about: Callable[[Subject], str]
    crumbs: Callable[[Subject], tuple[Crumb, ...]]
    foresee: Callable[[Subject, Told, date], Foreseen]
    act: Callable[[HttpRequest, Subject, Told], str]
    offer: Callable[[forms.Form, Subject], None] = lambda _form, _subject: None
    initial: Callable[[Subject, date], Told] = lambda _subject, _today: {}
    sees: tuple[str, ...] = ()
    refusals: tuple[type[Exception], ...] = ()
    is_risky: bool = False
    group: str = "Financeiro"


class NothingToAsk(forms.Form):
    """A deed that only wants to be confirmed."""


class WithAReason(forms.Form):
    """Why it is done; the trail keeps it."""

    reason = fields.Text("Motivo", 200)


def respond[Subject](request: HttpRequest, deed: Deed[Subject], subject: Subject) -> HttpResponse:
    """Show what the deed would do, or do it once and go where it leads."""
    today = timezone.localdate()
    form = deed.form(
        request.POST if request.method == "POST" else None,
        initial=dict(deed.initial(subject, today)),
    )
    deed.offer(form, subject)
    fields.prepare(form, branch_ids=scope.branch_ids(request))
    seen: Foreseen | None = None
    is_preview = PREVIEW in request.POST
    try:
        if form.is_bound and not is_preview and form.is_valid():
            return sending.once(request, lambda: _done(request, deed, subject, form))
        seen = _foreseen(deed, subject, form, today=today)
    except deed.refusals as refused:
        refusal = str(refused)
    else:
        refusal = ""
    context = {
        "deed": deed,
        "about": deed.about(subject),
        "crumbs": deed.crumbs(subject),
        "form": form,
        "seen": seen,
        "refusal": refusal,
        "key": sending.key(request),
    }
    if is_preview and request.headers.get("HX-Request"):
        return render(request, "_deed_preview.html", context)
    return render(request, "deed.html", context, status=422 if form.is_bound else 200)


def _done[Subject](
    request: HttpRequest, deed: Deed[Subject], subject: Subject, form: forms.Form
) -> str:
    led_to = deed.act(request, subject, form.cleaned_data)
    messages.success(request, deed.done)
    return led_to


def _foreseen[Subject](
    deed: Deed[Subject], subject: Subject, form: forms.Form, *, today: date
) -> Foreseen | None:
    """Return what the deed would do, once enough is told; on opening, with what is filled in."""
    if form.is_bound:
        form.is_valid()
        told = form.cleaned_data
    else:
        told = dict(form.initial)
    if any(told.get(name) is None for name in deed.sees):
        return None
    return deed.foresee(subject, told, today)
