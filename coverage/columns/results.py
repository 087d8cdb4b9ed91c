"""What a run finds of villages, communes and the province."""

from coverage.columns.inputs import CELLS_IN
from coverage.columns.schema import Column, Table
from coverage.columns.words import CAUSES, FIBER_STATUSES, HOUSEHOLD_SOURCES, LISTED, OFFICIAL_MATCHES, OURS, STATUSES


def level_column(operator: str, technology: str) -> str:
    """
    Return the name of the column with the level of an operator's technology, such as `viettel_4g_dbm`.

    >>> level_column("viettel", "4g")
    'viettel_4g_dbm'
    """
    return f"{operator}_{technology}_dbm"


VILLAGES = Table("villages", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", required=True),
    Column("name", "text", "", "Village", "Thôn/bản", required=True),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("lon", "number", "degree", "Longitude", "Kinh độ"),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ"),
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0),
    Column("people", "integer", "people", "People", "Số khẩu", minimum=0),
    Column("has_power", "flag", "", "Grid power", "Điện lưới"),
    Column("status", "text", "", "Status", "Tình trạng", required=True, values=STATUSES),
    Column("reason", "text", "", "Reason", "Lý do"),
    Column("to_verify", "flag", "", "To verify", "Cần xác minh", required=True),
    Column("fiber", "text", "", "Fiber", "Cáp quang", required=True, values=FIBER_STATUSES),
    Column("nearest_site_km", "number", "km", "Nearest site (km)", "Khoảng cách tới trạm gần nhất (km)", minimum=0),
    Column("former_commune", "text", "", "Former commune", "Xã cũ"),
    Column("programme", "flag", "", "Public-utility programme", "Thuộc chương trình viễn thông công ích"),
    Column("households_covered", "integer", "households", "Households with signal", "Số hộ có sóng", minimum=0),
    Column("households_from", "text", "", "Households placed by", "Nguồn phân bố hộ", values=HOUSEHOLD_SOURCES),
    Column("fiber_km", "number", "km", "Distance to fiber (km)", "Khoảng cách tới cáp quang (km)", minimum=0),
    Column("route_passes", "flag", "", "A fiber route passes", "Có tuyến cáp đi qua"),
    Column("cluster_households", "integer", "households", "Households in the cluster without signal", "Số hộ trong cụm không có sóng", minimum=0),
    Column("status_indoors", "text", "", "Status in the house", "Tình trạng trong nhà", values=STATUSES),
    Column("probability", "number", "", "Probability of signal at the centre", "Xác suất có sóng tại trung tâm", minimum=0, maximum=1),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
), key="village_id", geometry="point")  # fmt: skip
"""Level columns (`level_column`) follow `nearest_site_km`, one per operator and technology and for `any`."""

PEOPLE_ESTIMATED = Column("people_estimated", "number", "people", "People by the population raster",
                          "Số khẩu theo bản đồ dân số", minimum=0)  # fmt: skip
"""Follows `households_from` in the table of villages where the study has a population raster; never in place of `people`."""

VILLAGE_STATUSES = Table("village_statuses", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", required=True),
    Column("operator", "text", "", "Operator", "Nhà mạng", required=True),
    Column("technology", "text", "", "Technology", "Công nghệ", required=True),
    Column("status", "text", "", "Status", "Tình trạng", required=True, values=STATUSES),
    Column("reason", "text", "", "Reason", "Lý do", required=True),
    Column("households_covered", "integer", "households", "Households with signal", "Số hộ có sóng", minimum=0),
    Column("probability", "number", "", "Probability of signal at the centre", "Xác suất có sóng tại trung tâm", minimum=0, maximum=1),
    Column("status_indoors", "text", "", "Status in the house", "Tình trạng trong nhà", required=True, values=STATUSES),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
))  # fmt: skip
"""Every village under every network; `technology` is one of them, or all in service together, such as `3g+4g+5g`."""

SWITCH_OFFS = Table("switch_offs", (
    Column("last_day", "text", "", "Last day of service", "Ngày cuối hoạt động", required=True),
    Column("technology", "text", "", "Technology switched off", "Công nghệ ngừng", required=True),
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", required=True),
    Column("name", "text", "", "Village", "Thôn/bản", required=True),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0),
    Column("people", "integer", "people", "People", "Số khẩu", minimum=0),
    Column("has_power", "flag", "", "Grid power", "Điện lưới"),
    Column("status_before", "text", "", "Status before", "Tình trạng trước đó", required=True, values=STATUSES),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
))  # fmt: skip
"""The villages that become dead at each switch-off, if the network stays as it is otherwise."""

CELLS = Table("cells", (
    Column("cell", "integer", "", "Number in the rasters of servers", "Số hiệu trong ảnh cell phục vụ", required=True, minimum=0),
    *CELLS_IN.columns,
), key="cell", geometry="point")  # fmt: skip
"""The layer of a run's GeoPackage: what was read, and by which number `signal/server/*.tif` names it."""

COMMUNES = Table("communes", (
    Column("commune_code", "text", "", "Commune code", "Mã xã", required=True),
    Column("commune_name", "text", "", "Commune", "Xã/phường", required=True),
    Column("villages", "integer", "villages", "Villages", "Số thôn/bản", required=True, minimum=0),
    Column("dead", "integer", "villages", "Dead", "Trắng sóng", required=True, minimum=0),
    Column("weak", "integer", "villages", "Weak", "Lõm sóng", required=True, minimum=0),
    Column("covered", "integer", "villages", "Covered", "Đã phủ sóng", required=True, minimum=0),
    Column("not_assessed", "integer", "villages", "Not assessed", "Chưa đánh giá", required=True, minimum=0),
    Column("households", "integer", "households", "Households", "Số hộ", required=True, minimum=0),
    Column("households_covered", "integer", "households", "Households with signal", "Số hộ có sóng", required=True, minimum=0),
    Column("fiber_served", "integer", "villages", "Villages with fiber", "Thôn/bản có cáp quang", required=True, minimum=0),
    Column("centre_4g", "flag", "", "Commune centre has good 4G", "Trung tâm xã có 4G tốt"),
    Column("centre_3g_4g", "flag", "", "Commune centre has 3G or 4G", "Trung tâm xã có 3G hoặc 4G"),
    Column("centre_fiber", "text", "", "Fiber at the commune centre", "Cáp quang tại trung tâm xã", values=FIBER_STATUSES),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
), key="commune_code", geometry="polygon")  # fmt: skip

FORMER_COMMUNES = Table("former_communes", (
    Column("former_code", "text", "", "Code until 30 June 2025", "Mã xã cũ", required=True),
    Column("former_name", "text", "", "Commune until 30 June 2025", "Xã/phường cũ", required=True),
    Column("former_district", "text", "", "District until 30 June 2025", "Huyện cũ"),
    Column("commune_code", "text", "", "Commune code", "Mã xã", required=True),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("lon", "number", "degree", "Longitude of the former centre", "Kinh độ trung tâm cũ"),
    Column("lat", "number", "degree", "Latitude of the former centre", "Vĩ độ trung tâm cũ"),
    Column("centre_4g", "flag", "", "Former centre has good 4G", "Trung tâm xã cũ có 4G tốt"),
    Column("centre_3g_4g", "flag", "", "Former centre has 3G or 4G", "Trung tâm xã cũ có 3G hoặc 4G"),
    Column("centre_fiber", "text", "", "Fiber at the former centre", "Cáp quang tại trung tâm xã cũ", values=FIBER_STATUSES),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
), key="former_code", geometry="point")  # fmt: skip
"""The communes of before July 2025, each under the commune of today that it, or most of it, became."""

INDICATORS = Table("indicators", (
    Column("indicator", "text", "", "Indicator", "Chỉ tiêu", required=True),
    Column("area", "text", "", "Area", "Địa bàn", required=True),
    Column("technology", "text", "", "Technology", "Công nghệ"),
    Column("operator", "text", "", "Operator", "Nhà mạng"),
    Column("numerator", "number", "", "Numerator", "Tử số"),
    Column("denominator", "number", "", "Denominator", "Mẫu số"),
    Column("percent", "number", "%", "Percent", "Tỷ lệ (%)"),
    Column("definition_id", "text", "", "Definition", "Định nghĩa", required=True),
    Column("area_kind", "text", "", "Kind of area", "Cấp địa bàn", required=True, values=("province", "commune", "former_commune")),
    Column("area_name", "text", "", "Name of the area", "Tên địa bàn", required=True),
))  # fmt: skip

UNCOVERED = Table("uncovered_villages", (
    Column("stt", "integer", "", "No.", "STT", required=True),
    Column("commune_name", "text", "", "Commune (new)", "Xã/phường (mới)"),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("former_commune", "text", "", "Former commune", "Xã cũ"),
    Column("name", "text", "", "Village", "Thôn/bản", required=True),
    Column("households", "integer", "households", "Households", "Số hộ"),
    Column("people", "integer", "people", "People", "Số khẩu"),
    Column("has_power", "text", "", "Grid power (yes/no)", "Điện lưới (có/không)"),
    Column("status", "text", "", "Status (dead/weak)", "Tình trạng (trắng/lõm)", required=True),
    Column("2g", "text", "", "2G", "2G"),
    Column("3g", "text", "", "3G", "3G"),
    Column("4g", "text", "", "4G", "4G"),
    Column("5g", "text", "", "5G", "5G"),
    Column("operator", "text", "", "Operator", "Nhà mạng"),
    Column("level_dbm", "number", "dBm", "Level (dBm)", "Mức thu (dBm)"),
    Column("fiber", "text", "", "Fiber", "Cáp quang"),
    Column("nearest_site_km", "number", "km", "Nearest site (km)", "Khoảng cách tới trạm gần nhất (km)"),
    Column("lon", "number", "degree", "Longitude", "Kinh độ"),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ"),
    Column("proposal", "text", "", "Proposal", "Đề xuất"),
    Column("note", "text", "", "Note", "Ghi chú"),
))  # fmt: skip

RECONCILIATION = Table("reconciliation", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản"),
    Column("name", "text", "", "Village (results)", "Thôn/bản (kết quả tính)"),
    Column("official_name", "text", "", "Village (official list)", "Thôn/bản (danh sách chính thức)"),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("match", "text", "", "Match", "Kết quả ghép", required=True, values=OFFICIAL_MATCHES),
    Column("official_status", "text", "", "Status (official list)", "Tình trạng (danh sách chính thức)", required=True, values=LISTED),
    Column("our_status", "text", "", "Status (results)", "Tình trạng (kết quả tính)", required=True, values=OURS),
    Column("agree", "flag", "", "Agree", "Khớp"),
    Column("reason", "text", "", "Likely reason", "Nguyên nhân có thể", values=CAUSES),
    Column("perhaps", "text", "", "Perhaps the same as", "Có thể là"),
    Column("households", "integer", "households", "Households (results)", "Số hộ (kết quả tính)", minimum=0),
    Column("official_households", "integer", "households", "Households (official list)", "Số hộ (danh sách chính thức)", minimum=0),
    Column("distance_km", "number", "km", "Distance of the two points (km)", "Khoảng cách hai tọa độ (km)", minimum=0),
    Column("note", "text", "", "Note of the list", "Ghi chú của danh sách"),
))  # fmt: skip
"""
Every village of the run and of the official list, once. `agree` is empty where the two cannot be compared, `reason` where
they do not differ; `perhaps` names a village that only the other list has.
"""
