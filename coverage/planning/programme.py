"""Programme: a mixed-integer programme, solved by HiGHS."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

_EXACT = 1e-9
"""How far a row or a whole number may be off: of a budget of a million, a tenth of a cent."""


@dataclass(frozen=True)
class Programme:
    """Minimise `price @ x` with `rows @ x <= upper`, `x` between `low` and `high`, the first `whole` whole numbers."""

    price: NDArray[np.float64]
    rows: csc_array
    upper: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    whole: int


@dataclass(frozen=True)
class Solution:
    """What was found, and what was proven."""

    x: NDArray[np.float64] | None
    """None where nothing was found in time, or nothing exists."""
    bound: float
    """No x has a smaller price; minus infinity where nothing is known."""
    exists: bool
    """False where it is proven that no x keeps to the rows."""


def solve(
    programme: Programme, *, start: NDArray[np.float64] | None, time_limit_s: float, gap: float = 0.0
) -> Solution:
    """
    Solve a programme, by one thread so that the same programme has the same answer.

    Parameters
    ----------
    programme
        What is to be solved.
    start
        An x that keeps to the rows, to begin from; None where none is known.
    time_limit_s
        After it the best x so far is returned, with the bound known by then.
    gap
        Share of the price that may be missing from the optimum; 0 asks for proof that nothing is.

    Returns
    -------
    Solution
        The best x that was found.
    """
    if len(programme.price) == 0:
        return Solution(np.zeros(0), 0.0, True)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    settings = {"output_flag": False, "threads": 1, "time_limit": float(time_limit_s), "mip_rel_gap": float(gap)}
    settings |= {"mip_feasibility_tolerance": _EXACT, "primal_feasibility_tolerance": _EXACT}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    solver.passModel(_as_lp(programme))
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = start.tolist()
        solver.setSolution(first)
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value, dtype=float) if found else None
    nothing = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    return Solution(x, float(info.mip_dual_bound), status not in nothing)


def _as_lp(programme: Programme) -> highspy.HighsLp:
    rows, columns = programme.rows.shape
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = rows, columns
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.price, programme.low, programme.high
    lp.row_lower_, lp.row_upper_ = np.full(rows, -np.inf), programme.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    matrix = programme.rows
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
    lp.integrality_ = [kinds[0]] * programme.whole + [kinds[1]] * (columns - programme.whole)
    return lp
