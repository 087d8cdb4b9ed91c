"""Every table's schema: column name, dtype, unit, English and Vietnamese heading. Once."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["text", "integer", "number", "flag"]

TECHNOLOGIES = ("2g", "3g", "4g", "5g")
STATUSES = ("dead", "weak", "covered", "not_assessed")
FIBER_STATUSES = ("served", "near", "unserved", "not_assessed")
HOUSEHOLD_SOURCES = ("housing", "buildings", "population", "polygon", "centre", "none")
"""What says where the households of a village live, the best first; `centre` is the point alone."""
ANY = "any"
"""The operator that stands for the best of all."""
MATCHES = ("same", "renamed", "appeared", "vanished")
"""How a village of one run was found in another."""
CHANGES = (
    "newly_covered", "better", "newly_dead", "worse", "unchanged", "not_comparable", "appeared", "vanished",
)  # fmt: skip
"""What became of a village between two runs."""
SIGNAL_CLASSES = ("none", "weak", "good")
"""In the order of `classes.SignalClass`."""

STATUS_VI = {"dead": "Trắng sóng", "weak": "Lõm sóng", "covered": "Đã phủ sóng", "not_assessed": "Chưa đánh giá"}
STATUS_EN = {"dead": "Dead", "weak": "Weak", "covered": "Covered", "not_assessed": "Not assessed"}
LISTED = ("dead", "weak", "covered", "unstated", "undecided", "not_listed")
"""What the official list says of a village; `undecided` where several of one name cannot be told apart."""
OURS = (*STATUSES, "undecided", "not_in_layer")
"""What a run says of a village of either list."""
OFFICIAL_MATCHES = ("same", "similar", "renamed", "ambiguous", "only_official", "only_ours")
CAUSES = (
    "commune_unknown", "other_area", "same_name", "not_assessed", "renamed", "not_in_our_layer", "only_2g", "wrong_point",
    "near_threshold", "other_definition", "unknown",
)  # fmt: skip
"""Why the official list and a run likely differ."""

FIBER_VI = {"served": "Có cáp quang", "near": "Gần cáp quang", "unserved": "Chưa có", "not_assessed": "Chưa đánh giá"}
FIBER_EN = {"served": "Served", "near": "Near", "unserved": "Unserved", "not_assessed": "Not assessed"}


@dataclass(frozen=True)
class Column:
    """One column: what it is called, holds and may hold."""

    name: str
    kind: Kind
    unit: str
    en: str
    vi: str
    required: bool = False
    """The heading must be there and every row filled."""
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None
    aliases: tuple[str, ...] = ()
    """Accepted headings beside `name`, `en` and `vi`; case, accents and punctuation do not count."""


@dataclass(frozen=True)
class Table:
    """One table: its columns, the one that identifies a row, and the geometry it carries."""

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    geometry: Literal["point", "line", "polygon"] | None = None
    areas: bool = False
    """Of points: polygons are as welcome, and each stands for a point inside it."""
    placed: bool = True
    """Whether a table of points must have columns of coordinates."""
    long: bool = False
    """Whether it may have millions of rows, so that a text file of it is read by columns."""

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def headings(self, language: str) -> dict[str, str]:
        """Return column name -> heading in `vi` or `en`."""
        return {column.name: column.vi if language == "vi" else column.en for column in self.columns}

    def schema(self) -> "pa.DataFrameSchema":
        """Return the pandera schema that a clean table of this kind satisfies (extra columns allowed)."""
        import pandera.pandas as pa

        dtypes: dict[Kind, str] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}

        def checks(column: Column) -> list[pa.Check]:
            found = []
            if column.minimum is not None:
                found.append(pa.Check.ge(column.minimum))
            if column.maximum is not None:
                found.append(pa.Check.le(column.maximum))
            if column.values:
                found.append(pa.Check.isin(column.values))
            if column.pattern:
                found.append(pa.Check.str_matches(column.pattern))
            return found

        return pa.DataFrameSchema(
            {
                column.name: pa.Column(
                    None if column.kind == "text" else dtypes[column.kind],
                    checks(column),
                    nullable=not column.required,
                    required=column.required,
                    unique=column.name == self.key,
                )
                for column in self.columns
            },
            name=self.name,
        )


_CODE = r"^\d{5}$"
_LON = Column("lon", "number", "degree", "Longitude", "Kinh độ", minimum=-180, maximum=180,
              aliases=("long", "x", "kinh_do", "lng", "kinh_do_x", "toa_do_x", "x_m", "easting", "kinh_tuyen"))  # fmt: skip
_LAT = Column("lat", "number", "degree", "Latitude", "Vĩ độ", minimum=-90, maximum=90,
              aliases=("y", "vi_do", "vi_do_y", "toa_do_y", "y_m", "northing", "vi_tuyen"))  # fmt: skip
_COMMUNE_CODE = Column("commune_code", "text", "", "Commune code", "Mã xã", pattern=_CODE,
                       aliases=("ma_xa_phuong", "ward_code", "ma_dvhc"))  # fmt: skip
_COMMUNE_NAME = Column("commune_name", "text", "", "Commune", "Xã/phường",
                       aliases=("xa", "phuong", "ward", "ten_xa", "ten_xa_phuong", "xa_phuong_moi", "xa_moi", "xa_phuong_thi_tran"))  # fmt: skip

# What the planner has -------------------------------------------------------------------------------------------

COMMUNES_IN = Table("communes", (
    Column("code", "text", "", "Commune code", "Mã xã", required=True, pattern=_CODE,
           aliases=("commune_code", "ma_xa_phuong", "ward_code", "ma")),
    Column("name", "text", "", "Commune", "Xã/phường", required=True, aliases=("commune_name", "ten", "ten_xa", "ward")),
    Column("area_km2", "number", "km²", "Stated area (km²)", "Diện tích (km²)", minimum=0, aliases=("areaKm2", "area")),
    Column("population", "integer", "people", "Population", "Dân số", minimum=0, aliases=("pop2019", "dan_so")),
    Column("centre_lon", "number", "degree", "Longitude of the centre", "Kinh độ trung tâm", minimum=-180, maximum=180),
    Column("centre_lat", "number", "degree", "Latitude of the centre", "Vĩ độ trung tâm", minimum=-90, maximum=90),
), key="code", geometry="polygon")  # fmt: skip

VILLAGES_IN = Table("villages", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", aliases=("id", "ma_thon", "ma_ban")),
    Column("name", "text", "", "Village", "Thôn/bản", required=True,
           aliases=("village", "village_name", "ten_thon", "ten_ban", "ten_thon_ban", "thon", "ban")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
    Column("former_commune", "text", "", "Former commune", "Xã cũ",
           aliases=("old_commune", "ten_xa_cu", "xa_phuong_cu", "xa_truoc_sap_nhap", "thuoc_xa_cu")),
    Column("former_district", "text", "", "Former district", "Huyện cũ", aliases=("huyen", "district", "quan_huyen")),
    _LON,
    _LAT,
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0, aliases=("so_ho", "ho")),
    Column("people", "integer", "people", "People", "Số khẩu", minimum=0,
           aliases=("population", "nhan_khau", "so_nguoi", "dan_so")),
    Column("has_power", "flag", "", "Grid power", "Điện lưới", aliases=("dien", "power", "dien_luoi_quoc_gia")),
    Column("programme", "flag", "", "Public-utility programme", "Thuộc chương trình viễn thông công ích",
           aliases=("vtci", "dac_biet_kho_khan")),
), key="village_id", geometry="point")  # fmt: skip

HOUSING_IN = Table("housing", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", required=True, aliases=("ma_thon", "ma_ban")),
    _LON,
    _LAT,
    Column("households", "integer", "households", "Households", "Số hộ", required=True, minimum=0, aliases=("so_ho", "ho")),
), geometry="point", areas=True)  # fmt: skip

BUILDINGS_IN = Table("buildings", (
    _LON,
    _LAT,
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0, aliases=("so_ho", "ho")),
), geometry="point", areas=True)  # fmt: skip
"""Buildings of no stated village: each belongs to the one whose area holds it, else to the nearest of its commune."""

VILLAGE_AREAS_IN = Table("village_areas", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", aliases=("id", "ma_thon", "ma_ban")),
    Column("name", "text", "", "Village", "Thôn/bản",
           aliases=("village", "village_name", "ten_thon", "ten_ban", "ten_thon_ban", "thon", "ban")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
), geometry="polygon")  # fmt: skip

CELLS_IN = Table("sites", (
    Column("site_id", "text", "", "Site id", "Mã trạm", required=True, aliases=("ma_tram", "site", "tram", "station_id")),
    Column("cell_id", "text", "", "Cell id", "Mã cell", aliases=("cell", "ma_cell", "sector_id")),
    Column("operator", "text", "", "Operator", "Nhà mạng", required=True, aliases=("nha_mang", "mno", "carrier")),
    Column("technology", "text", "", "Technology", "Công nghệ", required=True, values=TECHNOLOGIES,
           aliases=("cong_nghe", "rat", "tech")),
    Column("freq_mhz", "number", "MHz", "Frequency (MHz)", "Tần số (MHz)", minimum=30, maximum=6000,
           aliases=("frequency", "freq", "tan_so", "frequency_mhz")),
    Column("bandwidth_mhz", "number", "MHz", "Bandwidth (MHz)", "Băng thông (MHz)", minimum=0.2, maximum=400,
           aliases=("bandwidth", "bang_thong")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
    _LON,
    _LAT,
    Column("height_m", "number", "m", "Antenna height above ground (m)", "Độ cao anten (m)", minimum=1, maximum=3000,
           aliases=("height", "antenna_height", "do_cao", "chieu_cao", "do_cao_anten")),
    Column("azimuth_deg", "number", "degree", "Azimuth (°)", "Góc phương vị (°)", minimum=0, maximum=360,
           aliases=("azimuth", "phuong_vi", "huong")),
    Column("tilt_deg", "number", "degree", "Downtilt (°)", "Góc ngẩng (°)", minimum=-90, maximum=90, aliases=("tilt", "downtilt")),
    Column("beamwidth_deg", "number", "degree", "Horizontal beam width (°)", "Độ rộng búp sóng (°)", minimum=1, maximum=360,
           aliases=("beamwidth", "hbw", "hpbw")),
    Column("antenna", "text", "", "Antenna pattern", "Anten",
           aliases=("antenna_pattern", "pattern", "pattern_file", "mau_anten", "loai_anten", "antenna_model")),
    Column("eirp_dbm", "number", "dBm", "EIRP of the whole carrier (dBm)", "EIRP (dBm)", minimum=-30, maximum=100,
           aliases=("eirp",)),
    Column("transmission", "text", "", "Transmission", "Truyền dẫn", values=("fiber", "microwave", "satellite", "none"),
           aliases=("truyen_dan", "backhaul")),
    Column("sensitive", "flag", "", "Sensitive site", "Trạm nhạy cảm", aliases=("nhay_cam",)),
), key="cell_id", geometry="point")  # fmt: skip

FIBER_ROUTES_IN = Table("fiber_routes", (
    Column("route_id", "text", "", "Route id", "Mã tuyến", aliases=("ma_tuyen", "id")),
    Column("name", "text", "", "Route", "Tuyến cáp", aliases=("ten_tuyen", "route_name")),
    Column("operator", "text", "", "Operator", "Nhà mạng", aliases=("nha_mang", "owner")),
    Column("length_km", "number", "km", "Stated length (km)", "Chiều dài (km)", minimum=0, aliases=("chieu_dai", "length")),
), key="route_id", geometry="line")  # fmt: skip

FIBER_NODES_IN = Table("fiber_nodes", (
    Column("node_id", "text", "", "Node id", "Mã nút", aliases=("ma_nut", "id")),
    Column("operator", "text", "", "Operator", "Nhà mạng", aliases=("nha_mang", "owner")),
    Column("kind", "text", "", "Kind", "Loại", aliases=("loai", "type")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
    _LON,
    _LAT,
), key="node_id", geometry="point")  # fmt: skip

ROADS_IN = Table("roads", (
    Column("class", "text", "", "Road class", "Cấp đường", aliases=("highway", "cap_duong", "road_class")),
    Column("name", "text", "", "Road", "Tên đường", aliases=("ten_duong", "ref")),
), geometry="line")  # fmt: skip

POWER_LINES_IN = Table("power_lines", (
    Column("voltage_kv", "number", "kV", "Voltage (kV)", "Điện áp (kV)", minimum=0, aliases=("dien_ap", "voltage")),
), geometry="line")  # fmt: skip

RIVERS_IN = Table("rivers", (
    Column("class", "text", "", "River class", "Cấp sông", aliases=("waterway", "cap_song", "river_class")),
    Column("name", "text", "", "River", "Tên sông", aliases=("ten_song", "ten_song_suoi", "song", "suoi")),
), geometry="line")  # fmt: skip
"""`class` as OpenStreetMap has it: `river` is drawn wider than `stream` and the rest."""

CANDIDATES_IN = Table("candidates", (
    Column("site_id", "text", "", "Site id", "Mã vị trí", aliases=("id", "ma_vi_tri", "ma_tram")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
    _LON,
    _LAT,
    Column("height_m", "number", "m", "Antenna height above ground (m)", "Độ cao anten (m)", minimum=1, maximum=3000,
           aliases=("height", "antenna_height", "do_cao", "chieu_cao", "do_cao_anten")),
), key="site_id", geometry="point")  # fmt: skip

PROPOSALS_IN = replace(CANDIDATES_IN, name="proposals")
"""Positions that the planner has settled on; a ranking takes them as built."""

OFFICIAL_IN = Table("official", (
    replace(VILLAGES_IN["name"], aliases=(*VILLAGES_IN["name"].aliases, "thon_ban_tieu_khu", "thon_ban_to_dan_pho",
            "ten_thon_ban_tieu_khu", "ten_thon_ban_to_dan_pho", "ten_ban_tieu_khu", "ban_tieu_khu", "khu_dan_cu")),
    _COMMUNE_CODE,
    _COMMUNE_NAME,
    VILLAGES_IN["former_commune"],
    VILLAGES_IN["former_district"],
    Column("status", "text", "", "Status", "Tình trạng", values=("dead", "weak", "covered"),
           aliases=("hien_trang", "tinh_trang_song", "hien_trang_song", "tinh_trang_phu_song", "hien_trang_phu_song",
                    "muc_do_phu_song", "phan_loai", "trang_song_lom_song", "coverage")),
    VILLAGES_IN["households"],
    _LON,
    _LAT,
    Column("note", "text", "", "Note", "Ghi chú", aliases=("notes", "remark", "remarks")),
), geometry="point", placed=False)  # fmt: skip
"""The official list of villages without coverage; without the column `status` every village on it is dead."""

CROSSWALK_IN = Table("crosswalk", (
    Column("old_code", "text", "", "Code until 30 June 2025", "Mã xã cũ", required=True, pattern=_CODE,
           aliases=("former_code", "ma_cu")),
    Column("old_ward", "text", "", "Commune until 30 June 2025", "Xã/phường cũ", required=True,
           aliases=("former_commune", "xa_cu", "old_commune", "old_name")),
    Column("old_district", "text", "", "District until 30 June 2025", "Huyện cũ", aliases=("district", "huyen", "quan_huyen")),
    Column("old_province", "text", "", "Province until 30 June 2025", "Tỉnh cũ", aliases=("tinh_thanh_cu",)),
    Column("old_lat", "number", "degree", "Latitude of the old centre", "Vĩ độ cũ", minimum=-90, maximum=90),
    Column("old_lon", "number", "degree", "Longitude of the old centre", "Kinh độ cũ", minimum=-180, maximum=180),
    Column("kind", "text", "", "Kind of change", "Kiểu chuyển đổi", required=True, values=("whole", "divided")),
    Column("default", "flag", "", "Main successor", "Xã kế thừa chính"),
    Column("new_code", "text", "", "Code since 1 July 2025", "Mã xã mới", required=True, pattern=_CODE, aliases=("ma_moi",)),
    Column("new_ward", "text", "", "Commune since 1 July 2025", "Xã/phường mới", required=True,
           aliases=("xa_moi", "new_commune", "new_name")),
    Column("new_province", "text", "", "Province since 1 July 2025", "Tỉnh mới", required=True, aliases=("tinh_thanh_moi",)),
))  # fmt: skip
"""Communes across 1 July 2025, one row for each pair of old and new; a `divided` commune has several."""

MEASUREMENTS_IN = Table("measurements", (
    Column("time", "text", "", "Time", "Thời gian",
           aliases=("timestamp", "datetime", "date_time", "date", "ngay", "ngay_gio", "thoi_diem", "ngay_do", "thoi_gian_do")),
    CELLS_IN["operator"],
    replace(CELLS_IN["technology"], required=False, aliases=(*CELLS_IN["technology"].aliases, "network_type", "radio", "mang")),
    replace(CELLS_IN["site_id"], required=False, aliases=(*CELLS_IN["site_id"].aliases, "enodeb", "enb_name", "site_name")),
    replace(CELLS_IN["cell_id"], aliases=(*CELLS_IN["cell_id"].aliases, "cellid", "cell_name", "ten_cell", "serving_cell")),
    _LON,
    _LAT,
    Column("level_dbm", "number", "dBm", "Level (dBm)", "Mức thu (dBm)",
           aliases=("rsrp", "ss_rsrp", "nr_rsrp", "rscp", "rxlev", "rx_level", "rsrp_dbm", "ss_rsrp_dbm", "rscp_dbm", "rxlev_dbm",
                    "level", "dbm", "muc_thu", "muc_tin_hieu", "cuong_do", "signal", "signal_dbm", "signal_strength")),
    Column("level_asu", "number", "", "Level (ASU)", "Mức thu (ASU)", aliases=("asu", "signal_asu", "asu_level")),
    Column("height_m", "number", "m", "Height above ground (m)", "Độ cao so với mặt đất (m)",
           aliases=("height", "height_above_ground", "agl", "rx_height_m", "do_cao")),
    Column("altitude_m", "number", "m", "Altitude above sea level (m)", "Cao độ (m)",
           aliases=("altitude", "alt", "elevation", "cao_do", "do_cao_tuyet_doi")),
    Column("speed_kmh", "number", "km/h", "Speed (km/h)", "Tốc độ (km/h)", aliases=("speed", "toc_do", "van_toc", "speed_km_h")),
    Column("accuracy_m", "number", "m", "Accuracy of the position (m)", "Sai số vị trí (m)",
           aliases=("accuracy", "gps_accuracy", "horizontal_accuracy", "sai_so", "do_chinh_xac")),
), geometry="point", long=True)  # fmt: skip
"""Levels that phones or instruments measured; only `coverage calibrate` reads them."""

SHARES_OF = ("villages", "population", "area")
PUBLISHED_SHARES_IN = Table("published_shares", (
    replace(CELLS_IN["technology"], aliases=(*CELLS_IN["technology"].aliases, "network")),
    Column("of", "text", "", "Share of", "Tỷ lệ của", required=True, values=SHARES_OF, aliases=("share_of", "chi_tieu", "loai")),
    Column("percent", "number", "%", "Covered (%)", "Tỷ lệ phủ sóng (%)", required=True, minimum=0, maximum=100,
           aliases=("share", "ty_le", "phan_tram", "covered_percent")),
    replace(CELLS_IN["operator"], required=False),
))  # fmt: skip
"""Shares of a province that somebody has published; only `coverage calibrate --shares` reads them."""

INPUTS = {
    table.name: table
    for table in (
        COMMUNES_IN,
        VILLAGES_IN,
        HOUSING_IN,
        BUILDINGS_IN,
        VILLAGE_AREAS_IN,
        CELLS_IN,
        FIBER_ROUTES_IN,
        FIBER_NODES_IN,
        ROADS_IN,
        POWER_LINES_IN,
        RIVERS_IN,
        CANDIDATES_IN,
        PROPOSALS_IN,
        CROSSWALK_IN,
        OFFICIAL_IN,
        MEASUREMENTS_IN,
        PUBLISHED_SHARES_IN,
    )
}

# What people receive --------------------------------------------------------------------------------------------


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

RANKED_SITES = Table("ranked_sites", (
    Column("rank", "integer", "", "Rank", "Thứ hạng", required=True, minimum=1),
    Column("site_id", "text", "", "Site id", "Mã vị trí", required=True),
    Column("kind", "text", "", "Kind", "Loại", required=True, values=("upgrade", "proposed", "new")),
    Column("lon", "number", "degree", "Longitude", "Kinh độ", required=True),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ", required=True),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("height_m", "number", "m", "Antenna height (m)", "Độ cao anten (m)", required=True),
    Column("technology", "text", "", "Technology", "Công nghệ", required=True, values=TECHNOLOGIES),
    Column("new_households", "integer", "households", "Households newly covered", "Số hộ phủ mới", required=True),
    Column("new_households_dead", "integer", "households", "… in dead villages", "… ở bản trắng sóng", required=True),
    Column("new_households_weak", "integer", "households", "… in weak villages", "… ở bản lõm sóng", required=True),
    Column("cost_low_usd", "number", "USD", "Cost, low (USD)", "Chi phí thấp (USD)", required=True),
    Column("cost_central_usd", "number", "USD", "Cost, central (USD)", "Chi phí trung bình (USD)", required=True),
    Column("cost_high_usd", "number", "USD", "Cost, high (USD)", "Chi phí cao (USD)", required=True),
    Column("cumulative_households", "integer", "households", "Households so far", "Số hộ lũy kế", required=True),
    Column("villages", "text", "", "Villages helped", "Thôn/bản được phủ", required=True),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("households_per_1000_usd", "number", "1/kUSD", "Households per 1,000 USD", "Số hộ trên 1.000 USD"),
    Column("terrain_m", "number", "m", "Terrain height (m)", "Cao độ địa hình (m)"),
    Column("road_km", "number", "km", "Distance to a road (km)", "Khoảng cách tới đường (km)"),
    Column("power_km", "number", "km", "Distance to power (km)", "Khoảng cách tới lưới điện (km)"),
    Column("backhaul", "text", "", "Backhaul", "Truyền dẫn"),
    Column("backhaul_km", "number", "km", "Backhaul length (km)", "Chiều dài truyền dẫn (km)"),
    Column("reason", "text", "", "Why it ranks here", "Lý do xếp hạng"),
    Column("slope_deg", "number", "°", "Slope of the ground (°)", "Độ dốc mặt đất (°)", minimum=0),
    Column("power", "text", "", "Power supply", "Nguồn điện", values=("existing", "grid", "solar", "unknown")),
    Column("access", "text", "", "Access", "Đường vào", values=("existing", "road", "track", "unknown")),
    Column("via", "text", "", "Backhaul passes", "Truyền dẫn qua"),
    Column("operators", "text", "", "Operators helped", "Nhà mạng được hỗ trợ"),
    Column("cumulative_percent", "number", "%", "Share of households without signal so far (%)", "Tỷ lệ hộ phủ mới lũy kế (%)"),
    Column("villages_resolved", "text", "", "Villages covered from then on", "Thôn/bản thành phủ sóng đầy đủ"),
    Column("villages_improved", "text", "", "Dead villages weak from then on", "Thôn/bản từ trắng thành lõm sóng"),
), key="site_id", geometry="point")  # fmt: skip
"""
`villages` holds the names of the villages helped, `villages_resolved` and `villages_improved` of those whose status changes with
this site and those ranked before it on the air, `operators` whose networks grow (`any` of a mast for whoever builds), `via`
the relay, if there is one, and what the backhaul ends at (a position, a fiber route or node): each joined by `; `.
"""

BUDGET_CURVE = Table("budget_curve", (
    Column("budget_usd", "number", "USD", "Budget (USD)", "Ngân sách (USD)", required=True, minimum=0),
    Column("sites", "integer", "", "Sites of the best choice", "Số vị trí (phương án tối ưu)", required=True, minimum=0),
    Column("cost_usd", "number", "USD", "Its cost (USD)", "Chi phí phương án (USD)", required=True, minimum=0),
    Column("households", "integer", "households", "Households newly covered by it", "Số hộ phủ mới (tối ưu)", required=True, minimum=0),
    Column("value", "number", "", "Its weighted households", "Số hộ quy đổi (tối ưu)", required=True, minimum=0),
    Column("bound", "number", "", "No choice can have more", "Cận trên đã chứng minh", required=True, minimum=0),
    Column("gap_percent", "number", "%", "Proven gap (%)", "Sai lệch đã chứng minh (%)", required=True, minimum=0),
    Column("ranking_sites", "integer", "", "Sites of the ranking", "Số vị trí (danh sách xếp hạng)", required=True, minimum=0),
    Column("ranking_households", "integer", "households", "Households by the ranking", "Số hộ phủ mới (xếp hạng)", required=True, minimum=0),
    Column("ranking_value", "number", "", "Weighted households by the ranking", "Số hộ quy đổi (xếp hạng)", required=True, minimum=0),
    Column("ranking_percent", "number", "%", "Ranking against the best choice (%)", "Xếp hạng so với tối ưu (%)"),
))  # fmt: skip
"""
What each budget can buy: the best choice found, the bound that no choice can pass, and how far the ranking comes with the
same money. Households count by the weights of `[planning]` in `value`, `bound` and `ranking_value`.
"""

CHEAPEST_COVER = Table("cheapest_cover", (
    Column("percent", "number", "%", "Share of what can be reached (%)", "Tỷ lệ hộ cần phủ trong số phủ được (%)", required=True, minimum=0, maximum=100),
    Column("households", "integer", "households", "Households newly covered", "Số hộ phủ mới", required=True, minimum=0),
    Column("reachable_households", "integer", "households", "That any candidate reaches", "Số hộ có thể phủ", required=True, minimum=0),
    Column("sites", "integer", "", "Sites", "Số vị trí", required=True, minimum=0),
    Column("cost_usd", "number", "USD", "Cost, central (USD)", "Chi phí trung bình (USD)", required=True, minimum=0),
    Column("bound_usd", "number", "USD", "No choice costs less (USD)", "Cận dưới đã chứng minh (USD)", required=True, minimum=0),
    Column("gap_percent", "number", "%", "Proven gap (%)", "Sai lệch đã chứng minh (%)", required=True, minimum=0),
))  # fmt: skip
"""The least money that serves a share of all households that any candidate serves."""

RESILIENCE = Table("resilience", (
    Column("rank", "integer", "", "Rank", "Thứ hạng", required=True, minimum=1),
    Column("site_id", "text", "", "Site id", "Mã trạm", required=True),
    Column("lon", "number", "degree", "Longitude", "Kinh độ", required=True),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ", required=True),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("operators", "text", "", "Operators", "Nhà mạng", required=True),
    Column("villages_dead", "integer", "villages", "Villages that lose all signal at their centre", "Số thôn/bản mất sóng tại trung tâm", required=True, minimum=0),
    Column("households_lost", "integer", "households", "Households that lose all signal", "Số hộ mất sóng", required=True, minimum=0),
    Column("villages", "text", "", "Villages that hang on it", "Thôn/bản phụ thuộc", required=True),
), key="site_id", geometry="point")  # fmt: skip
"""Positions without which somebody has no signal at all; `villages` joined by `; `, those with most households first."""

LOSSES = Table("losses", (
    Column("village_id", "text", "", "Village id", "Mã thôn/bản", required=True),
    Column("name", "text", "", "Village", "Thôn/bản", required=True),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("commune_name", "text", "", "Commune", "Xã/phường"),
    Column("lon", "number", "degree", "Longitude", "Kinh độ"),
    Column("lat", "number", "degree", "Latitude", "Vĩ độ"),
    Column("status", "text", "", "Status", "Tình trạng", required=True, values=STATUSES),
    Column("status_without", "text", "", "Status without the sites", "Tình trạng khi mất trạm", required=True, values=STATUSES),
    Column("households", "integer", "households", "Households", "Số hộ", minimum=0),
    Column("households_covered", "integer", "households", "Households with signal", "Số hộ có sóng", minimum=0),
    Column("households_covered_without", "integer", "households", "Households with signal without the sites", "Số hộ có sóng khi mất trạm", minimum=0),
    Column("households_lost", "integer", "households", "Households that lose their signal", "Số hộ mất sóng", minimum=0),
), key="village_id", geometry="point")  # fmt: skip
"""What becomes of the villages when sites fail; those of which anything changes, the greatest loss first."""

FIBER_PLAN = Table("fiber_plan", (
    Column("rank", "integer", "", "Rank", "Thứ hạng", required=True, minimum=1),
    Column("villages", "text", "", "Villages connected", "Thôn/bản được kết nối", required=True),
    Column("households", "integer", "households", "Households", "Số hộ", required=True),
    Column("length_km", "number", "km", "Length (km)", "Chiều dài (km)", required=True, minimum=0),
    Column("cost_low_usd", "number", "USD", "Cost, low (USD)", "Chi phí thấp (USD)", required=True),
    Column("cost_central_usd", "number", "USD", "Cost, central (USD)", "Chi phí trung bình (USD)", required=True),
    Column("cost_high_usd", "number", "USD", "Cost, high (USD)", "Chi phí cao (USD)", required=True),
    Column("cost_per_household_usd", "number", "USD", "Cost per household (USD)", "Chi phí mỗi hộ (USD)"),
    Column("commune_code", "text", "", "Commune code", "Mã xã"),
    Column("villages_gained", "integer", "", "Villages", "Số thôn/bản", minimum=0),
    Column("centres", "text", "", "Commune centres connected", "Trung tâm xã/phường được kết nối"),
    Column("centres_gained", "integer", "", "Commune centres", "Số trung tâm xã/phường", minimum=0),
    Column("feeds_sites", "text", "", "Planned sites it would feed", "Vị trí trạm đề xuất được cấp cáp quang"),
), key="rank", geometry="line")  # fmt: skip

VILLAGE_IDS = Column("village_ids", "text", "", "Village ids", "Mã các thôn/bản")
"""Of those that `villages` of a ranked site or a fiber extension names, likewise; names recur all over a province."""

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
# What two finished runs say of each other -----------------------------------------------------------------------


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
