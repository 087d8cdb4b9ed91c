"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import coverage


def test_the_examples_of_every_module_hold() -> None:
    tried = 0
    for module in pkgutil.walk_packages(coverage.__path__, "coverage."):
        if module.name == "coverage.__main__":
            continue
        found = doctest.testmod(importlib.import_module(module.name), verbose=False)
        assert found.failed == 0, module.name
        tried += found.attempted
    assert tried >= 15
