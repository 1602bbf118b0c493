"""What tests read from the pages that a form answers with."""

import re

from django.test import Client


def faults(html: str) -> dict[str, str]:
    """Return what the page says is wrong, by the field that it stands beside."""
    return dict(re.findall(r'id="id_([\w-]+)_error" role="alert">([^<]+)<', html))


def seen(client: Client, address: str) -> str:
    """Return what a form carries about the row as it was seen."""
    html = client.get(address).content.decode()
    found = re.search(r'name="visto" value="([^"]*)"', html)
    assert found is not None
    return found[1]
