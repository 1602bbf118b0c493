"""What browsers may keep of the pages: nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def kept_by_nobody(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Forbid keeping a page: it names people, and it shares its address with its parts.

    A browser that kept the part would show it alone on going back, and would show the last page
    to whoever comes after the person who signed out.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        add_never_cache_headers(answer)
        return answer

    return respond
