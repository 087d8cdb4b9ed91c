"""Published shares: how much of a province is covered, as somebody has published it."""

import pandas as pd

from coverage.columns.inputs import PUBLISHED_SHARES_IN, SHARES_OF
from coverage.columns.words import ANY
from coverage.errors import LayerError
from coverage.layers.conform import open_layer
from coverage.layers.draft import validate
from coverage.layers.sites import operator_names, technology_names
from coverage.layers.sources import files
from coverage.layers.text import fold
from coverage.result import InputFile
from coverage.study import Study

_OF_NAMES = {
    "villages": ("villages", "village", "thon", "ban", "thonban", "sothonban", "thonbancosong"),
    "population": ("population", "people", "households", "danso", "nguoidan", "ho", "hodan", "hogiadinh"),
    "area": ("area", "land", "dientich", "lanhtho"),
}


def read_published_shares(study: Study) -> tuple[pd.DataFrame, InputFile]:
    """
    Read the published shares of a study.

    Parameters
    ----------
    study
        Names the file.

    Returns
    -------
    DataFrame, InputFile
        Columns of `columns.PUBLISHED_SHARES_IN`, the operator `any` where none is named; and the file.

    Raises
    ------
    LayerError
        The file cannot be read, or a row says nothing clear.
    """
    draft = open_layer(study, "published_shares")
    words = {word: name for name, written in _OF_NAMES.items() for word in written}
    frame = draft.frame
    frame["of"] = frame["of"].map(lambda text: words.get(fold(str(text)), text)).astype("str")
    frame["technology"] = technology_names(frame["technology"])
    frame["operator"] = operator_names(frame["operator"]).fillna(ANY)
    validate(draft)
    fatal = [problem for problem in draft.problems if problem.fatal]
    if fatal:
        raise LayerError(fatal)
    (file,) = files.fingerprints(study, "published_shares")[:1]
    table = pd.DataFrame(frame[PUBLISHED_SHARES_IN.names]).reset_index(drop=True)
    return table[table["of"].isin(SHARES_OF)], file
