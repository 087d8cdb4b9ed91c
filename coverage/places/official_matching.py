"""Which village of one list is which of another: by commune and name, then by what else is known; never guessed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coverage.places.run_matching import RENAMED_M

_SIMILAR = 0.8
"""Ratio of difflib from which two names of one commune may be spellings of one; two letters of ten may differ."""
_PERHAPS = 0.6
"""Ratio from which a name is worth a look, no more."""
_AWAY_M = 1000.0
"""Two points farther apart than this are not the same place."""
_ELSEWHERE_M = 5000.0
"""Villages this far apart are two, unless they have the very same name."""
_HOUSEHOLDS_SHARE = 0.1
"""Numbers of households that differ by no more may be of one village, counted in two years."""

_Pair = tuple[int, int]


class Keys(Protocol):
    """By what a name is found; the layers make them."""

    @property
    def whole(self) -> str:
        """With its unit and accents."""
        ...

    @property
    def bare(self) -> str:
        """Without its unit."""
        ...

    @property
    def loose(self) -> str:
        """Without accents either."""
        ...

    @property
    def accents(self) -> bool:
        """Whether the name is written with accents."""
        ...

    @property
    def marks(self) -> tuple[str, ...]:
        """Numbers and words that tell villages of almost one name apart."""
        ...


@dataclass(frozen=True)
class Names:
    """The villages of one list; arrays and sequences of one entry per village."""

    keys: Sequence[Keys]
    commune: Sequence[str | None]
    """Code of the commune; None where it is not known."""
    former: Sequence[str | None]
    """Key of the commune before 1 July 2025; None where it is not said."""
    xy: NDArray[np.float64]
    """[villages, 2] m; NaN where there is no point."""
    households: NDArray[np.float64]
    """NaN where they are not known."""


@dataclass(frozen=True)
class Matches:
    """What became of each village; -1 and "" where there is none."""

    ours: NDArray[np.int64]
    """[theirs] row of ours that it is; -1 where it was matched with none."""
    how: list[str]
    """[theirs] `same`, `similar`, `renamed`, `ambiguous` or `only_official`."""
    ambiguous: NDArray[np.bool_]
    """[ours] True where several of one name could not be told apart."""
    perhaps_ours: NDArray[np.int64]
    """[theirs] an unmatched village of ours that it might be; -1 where nothing suggests one."""
    perhaps_theirs: NDArray[np.int64]
    """[ours] an unmatched village of theirs likewise."""


def match(theirs: Names, ours: Names) -> Matches:
    """
    Match two lists one to one within each commune.

    In this order: the same name with its unit; without it; without accents, where one of the two is written so; a
    similar name that is the only one; another name at the same place. Where several have one name, the former commune,
    the point, or the households decide; else they are ambiguous.
    """
    found = Matches(
        ours=np.full(len(theirs.keys), -1),
        how=["only_official"] * len(theirs.keys),
        ambiguous=np.zeros(len(ours.keys), dtype=bool),
        perhaps_ours=np.full(len(theirs.keys), -1),
        perhaps_theirs=np.full(len(ours.keys), -1),
    )
    here = _by_commune(ours)
    for commune, listed in _by_commune(theirs).items():
        if commune is not None and commune in here:
            _Commune(theirs, ours, found, listed, here[commune]).match()
    _look_everywhere(theirs, ours, found)
    return found


def _by_commune(names: Names) -> dict[str | None, list[int]]:
    rows = defaultdict(list)
    for row, code in enumerate(names.commune):
        rows[code].append(row)
    return dict(rows)


class _Commune:
    """The villages of one commune that are still to be matched."""

    def __init__(self, theirs: Names, ours: Names, found: Matches, listed: list[int], known: list[int]) -> None:
        self.theirs, self.ours, self.found = theirs, ours, found
        self.listed, self.known = listed, known

    def match(self) -> None:
        self._settle(self._named(lambda keys: keys.whole), "same", ambiguous=True)
        self._settle(self._named(lambda keys: keys.bare), "same", ambiguous=True)
        plain = self._named(lambda keys: keys.loose)
        self._settle([pair for pair in plain if not self._both_accented(pair)], "same", ambiguous=True)
        self._settle([pair for pair in self._pairs() if self._similar(pair)], "similar")
        self._settle([pair for pair in self._pairs() if self._at_one_place(pair)], "renamed")
        for a, b in self._pairs():
            if self._alike(a, b) > self._alike(a, self.found.perhaps_ours[a]):
                self.found.perhaps_ours[a] = b
            if self._alike(a, b) > self._alike(self.found.perhaps_theirs[b], b):
                self.found.perhaps_theirs[b] = a

    def _named(self, key: Callable[[Keys], str]) -> list[_Pair]:
        rows = defaultdict(list)
        for b in self.known:
            rows[key(self.ours.keys[b])].append(b)
        pairs = ((a, b) for a in self.listed for b in rows.get(key(self.theirs.keys[a]), ()))
        return [pair for pair in pairs if not self._other_former(pair)]

    def _pairs(self) -> Iterator[_Pair]:
        return ((a, b) for a in self.listed for b in self.known)

    def _settle(self, pairs: Iterable[_Pair], how: str, *, ambiguous: bool = False) -> None:
        """Match pairs that exclude each other one to one, as far as anything decides."""
        left = list(pairs)
        for tells in (None, self._one_former, self._near, self._as_many, None):
            sure = _one_to_one(left if tells is None else [pair for pair in left if tells(pair)])
            for a, b in sure:
                self.found.ours[a], self.found.how[a] = b, how
            self._take({a for a, _ in sure}, {b for _, b in sure})
            left = [(a, b) for a, b in left if a in self.listed and b in self.known]
        if ambiguous:
            for a, b in left:
                self.found.how[a], self.found.ambiguous[b] = "ambiguous", True
            self._take({a for a, _ in left}, {b for _, b in left})

    def _take(self, listed: set[int], known: set[int]) -> None:
        if listed or known:
            self.listed = [a for a in self.listed if a not in listed]
            self.known = [b for b in self.known if b not in known]

    def _both_accented(self, pair: _Pair) -> bool:
        return self.theirs.keys[pair[0]].accents and self.ours.keys[pair[1]].accents

    def _other_former(self, pair: _Pair) -> bool:
        one, other = self.theirs.former[pair[0]], self.ours.former[pair[1]]
        return one is not None and other is not None and one != other

    def _one_former(self, pair: _Pair) -> bool:
        return self.theirs.former[pair[0]] is not None and self.theirs.former[pair[0]] == self.ours.former[pair[1]]

    def _apart_m(self, pair: _Pair) -> float:
        return float(np.hypot(*(self.theirs.xy[pair[0]] - self.ours.xy[pair[1]])))

    def _near(self, pair: _Pair) -> bool:
        return self._apart_m(pair) <= _AWAY_M

    def _as_many(self, pair: _Pair) -> bool:
        one, other = self.theirs.households[pair[0]], self.ours.households[pair[1]]
        return bool(abs(one - other) <= _HOUSEHOLDS_SHARE * max(one, other))

    def _ratio(self, pair: _Pair) -> float:
        """Return how alike two names are; 0 where numbers or the like tell them apart."""
        one, other = self.theirs.keys[pair[0]], self.ours.keys[pair[1]]
        return SequenceMatcher(None, one.loose, other.loose).ratio() if one.marks == other.marks else 0.0

    def _similar(self, pair: _Pair) -> bool:
        apart = self._apart_m(pair) > _ELSEWHERE_M or self._other_former(pair)
        return not apart and self._ratio(pair) >= _SIMILAR

    def _at_one_place(self, pair: _Pair) -> bool:
        one, other = self.theirs.keys[pair[0]], self.ours.keys[pair[1]]
        twins = one.marks != other.marks and SequenceMatcher(None, one.loose, other.loose).ratio() >= _PERHAPS
        return self._apart_m(pair) <= RENAMED_M and not twins

    def _alike(self, a: int, b: int) -> float:
        """Return how much suggests that two left over are one village; 0 where nothing does."""
        if a < 0 or b < 0:
            return 0.0
        ratio, near = self._ratio((a, b)), self._near((a, b))
        return ratio + near if near or ratio >= _PERHAPS else 0.0


def _one_to_one(pairs: list[_Pair]) -> list[_Pair]:
    """Return the pairs neither side of which stands in another."""
    firsts, seconds = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return [(a, b) for a, b in pairs if firsts[a] == seconds[b] == 1]


def _look_everywhere(theirs: Names, ours: Names, found: Matches) -> None:
    """Suggest for villages whose commune is not known the unmatched one that has their name, if there is only one."""
    lost = [row for row, code in enumerate(theirs.commune) if code is None]
    if not lost:
        return
    free = set(range(len(ours.keys))) - set(found.ours.tolist())
    rows = defaultdict(list)
    for row in sorted(free):
        rows[ours.keys[row].loose].append(row)
    for row in lost:
        same = rows.get(theirs.keys[row].loose, [])
        if len(same) == 1:
            found.perhaps_ours[row] = same[0]
