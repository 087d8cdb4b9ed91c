"""The small study of the layers' tests."""

from tests.layers.conftest import make_study

__all__ = ["make_study"]
