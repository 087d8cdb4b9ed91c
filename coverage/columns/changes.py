"""What two finished runs say of each other."""

from coverage.columns.schema import Column, Table
from coverage.columns.words import CHANGES, MATCHES, STATUSES


def class_columns(operator: str) -> tuple[str, str]:
    """Return the names of the columns with an operator's class at the centre before and now, such as `viettel_old`."""
    return f"{operator}_old", f"{operator}_new"


VILLAGE_CHANGES = Table("village_changes", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản"),
    Column("old_village_id", "text", "", "Village id before", "Mã thôn/bản kỳ trước"),
    Column("name", "text", "", "Village", "Thôn/bản", required=True),
    Column("old_name", "text", "", "Name before", "Tên kỳ trước"),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("old_commune_code", "text", "", "Commune code before", "Mã xã kỳ trước"),
    Column("old_commune_name", "text", "", "Commune before", "Xã/phường kỳ trước"),
    Column("lon", "number", "degree", "Longitude", "Kinh độ"),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ"),
    Column("moved_m", "number", "m", "Point moved (m)", "Điểm dời (m)", minimum=0),
    Column("match", "text", "", "Found as", "Đối chiếu", required=True, values=MATCHES),
    Column("status_old", "text", "", "Status before", "Tình trạng kỳ trước", values=STATUSES),
    Column("status_new", "text", "", "Status now", "Tình trạng kỳ này", values=STATUSES),
    Column("change", "text", "", "Change", "Biến động", required=True, values=CHANGES),
    Column("reason_old", "text", "", "Reason before", "Lý do kỳ trước"),
    Column("reason_new", "text", "", "Reason now", "Lý do kỳ này"),
    Column("households_old", "integer", "households", "Households before", "Số hộ kỳ trước", minimum=0),
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0),
    Column("households_covered_old", "integer", "households", "With signal before", "Số hộ có sóng kỳ trước", minimum=0),
    Column("households_covered_new", "integer", "households", "With signal now", "Số hộ có sóng kỳ này", minimum=0),
    Column("households_gained", "integer", "households", "Households gained", "Số hộ tăng thêm"),
))  # fmt: skip
"""Classes at the centre (`class_columns`) follow, two per operator and for `any`; a village that vanished keeps its name
and the place where it was."""

COMMUNE_CHANGES = Table("commune_changes", (
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("old_communes", "text", "", "Communes before", "Xã/phường kỳ trước"),
    Column("villages", "integer", "villages", "Villages", "Số thôn/bản", required=True, minimum=0),
    Column("newly_covered", "integer", "villages", "Newly covered", "Mới phủ sóng", required=True, minimum=0),
    Column("better", "integer", "villages", "Better", "Tốt lên", required=True, minimum=0),
    Column("newly_dead", "integer", "villages", "Newly dead", "Mới trắng sóng", required=True, minimum=0),
    Column("worse", "integer", "villages", "Worse", "Kém đi", required=True, minimum=0),
    Column("unchanged", "integer", "villages", "Unchanged", "Không đổi", required=True, minimum=0),
    Column("not_comparable", "integer", "villages", "Not comparable", "Không so sánh được", required=True, minimum=0),
    Column("appeared", "integer", "villages", "Appeared", "Mới xuất hiện", required=True, minimum=0),
    Column("vanished", "integer", "villages", "Vanished", "Không còn", required=True, minimum=0),
    Column("renamed", "integer", "villages", "Renamed", "Đổi tên", required=True, minimum=0),
    Column("households_covered_old", "integer", "households", "Households with signal before", "Số hộ có sóng kỳ trước", required=True, minimum=0),
    Column("households_covered_new", "integer", "households", "Households with signal now", "Số hộ có sóng kỳ này", required=True, minimum=0),
    Column("households_gained", "integer", "households", "Households gained", "Số hộ tăng thêm", required=True),
))  # fmt: skip
"""`villages` are those of now; a village that vanished counts in the commune of now that its place belongs to."""

OPERATOR_CHANGES = Table("operator_changes", (
    Column("operator", "text", "", "Operator", "Nhà mạng", required=True),
    Column("villages_compared", "integer", "villages", "Villages compared", "Thôn/bản so sánh", required=True, minimum=0),
    Column("villages_with_signal_old", "integer", "villages", "Villages with signal before", "Thôn/bản có sóng kỳ trước", required=True, minimum=0),
    Column("villages_with_signal_new", "integer", "villages", "Villages with signal now", "Thôn/bản có sóng kỳ này", required=True, minimum=0),
    Column("villages_gained", "integer", "villages", "Villages gained", "Thôn/bản mới có sóng", required=True, minimum=0),
    Column("villages_lost", "integer", "villages", "Villages lost", "Thôn/bản mất sóng", required=True, minimum=0),
    Column("households_gained", "integer", "households", "Households of villages gained", "Số hộ ở thôn/bản mới có sóng", required=True, minimum=0),
    Column("households_lost", "integer", "households", "Households of villages lost", "Số hộ ở thôn/bản mất sóng", required=True, minimum=0),
))  # fmt: skip
"""By the class at the village centre; a village whose centre has a signal counts with all its households."""
