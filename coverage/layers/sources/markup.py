"""XML as strangers write it: looked through before a parser that may trust it does."""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from coverage.errors import LayerError, refuse

_DEEPEST = 256
"""Elements within elements; the deepest format of ours, GML, needs about 20."""


def check_markup(chunks: Iterable[bytes], *, name: str) -> Iterator[bytes]:
    """
    Pass XML on, chunk by chunk, and refuse what could make a parser run away.

    Malformed XML passes: the parser it is meant for says what is wrong with it.

    Parameters
    ----------
    chunks
        The bytes of an XML document.
    name
        The file's name in messages.

    Raises
    ------
    LayerError
        It declares entities of its own, or nests its elements beyond all sense.
    """
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _refused(name, f"elements nested more than {_DEEPEST} deep", "a plain document")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_: object) -> None:
        raise _refused(name, "entities of its own, which may name other files", "none")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    sound = True
    for chunk in chunks:
        if sound:
            try:
                parser.Parse(chunk, False)
            except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding that there is none of
                sound = False
        yield chunk


def _refused(name: str, found: str, expected: str) -> LayerError:
    return refuse(name, found, expected, "Save it again from the program that made it.", kind="unsafe_file")
