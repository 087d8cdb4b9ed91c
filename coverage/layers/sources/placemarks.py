"""What Google Earth keeps beside its placemarks: attributes in a table inside the description."""

from html.parser import HTMLParser

import pandas as pd

from coverage.layers.text import clean

_OF_THE_VIEWER = ("timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder",
                  "icon", "snippet", "id")  # fmt: skip
"""Fields of every placemark that say how it is drawn, and the id that the program gave it."""
_LONGEST = 200_000
"""Letters of a description; a longer one is a picture or a page."""


class _Table(HTMLParser):
    """The rows of two cells of the tables in a description."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._open = True
        elif tag == "table":
            self._open = False

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def with_descriptions(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return placemarks with the tables of their descriptions as columns, and without what only a viewer needs.

    Parameters
    ----------
    frame
        Placemarks as GDAL reads them: `Name`, `description`, fields of the viewer, and data of their own.
    """
    frame = frame.drop(columns=[column for column in _OF_THE_VIEWER if column in frame])
    if "description" in frame:
        found = pd.DataFrame([_pairs(text) for text in frame["description"]], index=frame.index)
        found = found.drop(columns=["geometry", "description"], errors="ignore")
        both = [column for column in found if column in frame]
        for column in both:
            frame[column] = found[column].where(found[column].notna(), frame[column])
        if len(found.columns):
            frame = frame.drop(columns="description").join(found.drop(columns=both))
    empty = [name for name in frame.columns if name != "geometry" and frame[name].map(clean).isna().all()]
    return frame.drop(columns=empty)


def _pairs(text: object) -> dict[str, str]:
    if not isinstance(text, str) or "<" not in text or len(text) > _LONGEST:
        return {}
    parser = _Table()
    parser.feed(text)
    rows = [[" ".join(cell.split()) for cell in row] for row in parser.rows if len(row) == 2]
    return {row[0].rstrip(":").strip(): row[1] for row in rows if row[0]}
