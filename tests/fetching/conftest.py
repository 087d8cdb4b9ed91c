"""Services on loopback, and settings that ask them without pauses."""

from collections.abc import Iterator

import pytest

from coverage.settings.fetch import Fetch
from tests.fetching.services import Services, addresses, running


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as found:
        yield found


@pytest.fixture
def rules(services: Services) -> Fetch:
    return Fetch(**addresses(services), pause_s=0, timeout_s=2, margin_km=0, contact="so-kkcn@example.org")
