"""Sellers: one of a name in each branch, offered while active, kept with what they sold."""

from django.test import Client

from tests.provider import Provider, provider
from tests.screens.answers import faults, seen
from vigente.staff.models import Seller


def typed(isp: Provider, **changes: str) -> dict[str, str]:
    return {"name": "Caio Bastos", "branch_id": str(isp.branch.pk), "is_active": "on", **changes}


def test_a_name_is_once_in_a_branch_and_free_in_another(small: Provider, manager: Client) -> None:
    Seller.objects.create(branch=provider(code="B").branch, name="Caio Bastos")

    first = manager.post("/vendedores/novo/", typed(small))
    again = manager.post("/vendedores/novo/", typed(small, name="CAIO BASTOS"))

    assert first.status_code == 302
    assert faults(again.content.decode()) == {
        "name": "Já existe um vendedor com este nome nesta filial."
    }


def test_who_sold_stays_in_the_branch_of_the_contracts(small: Provider, manager: Client) -> None:
    person_of_both = manager.get("/vendedores/").wsgi_request.user
    other = provider(code="B").branch
    person_of_both.branches.add(other)
    caio = Seller.objects.create(branch=small.branch, name="Caio Bastos")
    address = f"/vendedores/{caio.pk}/"
    moved = typed(small, branch_id=str(other.pk))

    small.sell(seller_id=caio.pk)
    refused = manager.post(address, {**moved, "visto": seen(manager, address)})

    assert "vendeu contratos da filial" in faults(refused.content.decode())["branch_id"]
    caio.refresh_from_db()
    assert caio.branch == small.branch


def test_an_inactive_seller_is_offered_in_no_sale(small: Provider, manager: Client) -> None:
    caio = Seller.objects.create(branch=small.branch, name="Caio Bastos")
    sold = small.sell(seller_id=caio.pk)
    sale = f"/contratos/novo/?cliente={small.customer().pk}&plano={small.plan().pk}"
    before = manager.get(sale).content.decode()
    address = f"/vendedores/{caio.pk}/"
    inactive = {name: value for name, value in typed(small).items() if name != "is_active"}

    manager.post(address, {**inactive, "visto": seen(manager, address)})
    manager.get("/vendedores/")  # which says that it was saved

    assert "Caio Bastos" in before
    assert "Caio Bastos" not in manager.get(sale).content.decode()
    assert "Caio Bastos" in manager.get(f"/contratos/{sold.pk}/alterar/").content.decode()
