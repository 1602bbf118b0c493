"""The provider that each scenario starts from."""

import pytest

from tests.provider import Provider, provider


@pytest.fixture
def isp() -> Provider:
    return provider()
