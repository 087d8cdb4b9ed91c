"""How long-running steps tell whoever is watching how far they are."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Someone who watches steps go by."""

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Callable[[int], None]]:
        """Enter a step of `total` parts; call what it yields with the number of parts just finished."""
        ...

    def tell(self, what: str) -> None:
        """Say something that whoever waits should know, by its name."""
        ...


class Silent:
    """Nobody is watching."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Enter a step and report nothing."""
        yield lambda parts: None

    def tell(self, what: str) -> None:
        """Say nothing."""
