"""The search box's answers: under it as one types, or on a page of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigente.backoffice.scope import open_to_staff
from vigente.backoffice.search import found

LONGEST = 100
FEWEST_LETTERS = 2


@open_to_staff
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found of each kind that the person may see."""
    told = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    is_enough = told.isdigit() or len(told) >= FEWEST_LETTERS
    kinds = found.find(request, told) if is_enough else []
    part = "search/_found.html" if request.headers.get("HX-Request") else "search/page.html"
    return render(request, part, {"told": told, "kinds": kinds, "is_enough": is_enough})
