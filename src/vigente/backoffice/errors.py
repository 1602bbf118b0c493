"""Pages for what went wrong; they need neither the database nor a session."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SECONDS_UNTIL_RETRY = "10"
SECONDS_AFTER_TOO_MANY = "300"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a request that makes no sense."""
    return _page(request, 400, "Pedido inválido", "Volte à página anterior e tente de novo.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer who may not see a page."""
    return _page(request, 403, "Sem permissão", "Peça acesso a quem administra o sistema.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer for a page or an object that is not there, or not yours to see."""
    return _page(
        request, 404, "Página não encontrada", "Confira o endereço ou use a busca de contratos."
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer who tried something too often: wrong passwords, wrong codes, links asked for."""
    answer = _page(
        request,
        429,
        "Muitas tentativas",
        "Espere cinco minutos e tente de novo. Se você esqueceu a senha, peça uma nova em "
        "«Esqueci a senha»; se mesmo assim não entrar, fale com quem administra o sistema.",
    )
    answer["Retry-After"] = SECONDS_AFTER_TOO_MANY
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours, or for a database that is away; it recovers by itself."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return _away(request)
    return _page(
        request, 500, "Algo deu errado", "Nada foi gravado pela metade. Tente de novo em instantes."
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form whose page was open for too long."""
    return _page(
        request, 403, "A página expirou", "Recarregue a página e envie o formulário de novo."
    )


def _away(request: HttpRequest) -> HttpResponse:
    answer = _page(
        request,
        503,
        "O banco de dados não responde",
        "O sistema volta sozinho assim que ele voltar. Nada do que já foi gravado se perde.",
    )
    answer["Retry-After"] = SECONDS_UNTIL_RETRY
    return answer


def _page(request: HttpRequest, status: int, title: str, way_out: str) -> HttpResponse:
    context = {"status": status, "title": title, "way_out": way_out}
    return render(request, "error.html", context, status=status)
