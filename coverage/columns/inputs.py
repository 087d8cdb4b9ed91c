"""What the planner has."""

from dataclasses import replace

from coverage.columns.schema import Column, Table
from coverage.columns.words import TECHNOLOGIES

_CODE = r"^\d{5}$"
_LON = Column("lon", "number", "degree", "Longitude", "Kinh độ", minimum=-180, maximum=180,
              aliases=("long", "x", "kinh_do", "lng", "kinh_do_x", "toa_do_x", "x_m", "easting", "kinh_tuyen"))  # fmt: skip
_LAT = Column("lat", "number", "degree", "Latitude", "Vĩ độ", minimum=-90, maximum=90,
              aliases=("y", "vi_do", "vi_do_y", "toa_do_y", "y_m", "northing", "vi_tuyen"))  # fmt: skip
_COMMUNE_CODE = Column("commune_code", "text", "", "Commune code", "Mã xã", pattern=_CODE,
                       aliases=("ma_xa_phuong", "ward_code", "ma_dvhc"))  # fmt: skip
_COMMUNE_NAME = Column("commune_name", "text", "", "Commune", "Xã/phường",
                       aliases=("xa", "phuong", "ward", "ten_xa", "ten_xa_phuong", "xa_phuong_moi", "xa_moi", "xa_phuong_thi_tran"))  # fmt: skip

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
