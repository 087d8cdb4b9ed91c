"""What the web map says while it is used: filters, the view, the table, measuring, links and print."""

USE_PHRASES = {
    # Filters
    "network": ("Tình trạng theo mạng", "Status under a network"),
    "any_operator": ("Mọi nhà mạng", "Any operator"),
    "any_technology": ("Mọi công nghệ còn cung cấp", "All technologies in service"),
    "network_note": (
        "Tình trạng, số hộ có sóng, bảng, màu và thẻ của xã tính theo {network}.",
        "Statuses, households with signal, the table, colours and cards of communes are those under {network}.",
    ),
    "no_filter": ("Không lọc", "No filter"),
    # What is in view
    "in_view": ("Trong khung nhìn", "In view"),
    "in_view_of": ("{part} trên {all} thôn/bản đang lọc", "{part} of {all} villages that pass the filters"),
    "none_in_view": ("Không có thôn/bản nào trong khung nhìn.", "No village in view."),
    "households_signal": ("Số hộ có sóng", "Households with signal"),
    "with_power": ("Có điện lưới", "With grid power"),
    "with_fiber": ("Có cáp quang", "With fiber"),
    "to_verify": ("Cần xác minh vị trí", "Location to be verified"),
    "unknown_left": ("{count} chưa rõ", "{count} not known"),
    # Table
    "table": ("Bảng thôn/bản", "Table of villages"),
    "open_table": ("Xem bảng", "Open the table"),
    "table_title": ("Thôn/bản trong khung nhìn: {count}", "Villages in view: {count}"),
    "table_help": (
        "Bấm tiêu đề để sắp xếp, bấm tên để đến nơi; phím ↑ ↓ để đi giữa các dòng.",
        "Headings sort, names fly there; ↑ and ↓ move between rows.",
    ),
    "table_held": (
        "Giữ nguyên danh sách khi đến từng nơi.",
        "The list is kept while it leads about.",
    ),
    "table_follow": ("Theo khung nhìn", "Follow the view"),
    "page_of": ("Trang {page} trên {pages}", "Page {page} of {pages}"),
    "previous": ("Trước", "Previous"),
    "next": ("Sau", "Next"),
    "save_csv": ("Lưu CSV", "Save as CSV"),
    "best_level": ("Mức thu (dBm)", "Level (dBm)"),
    "saved": ("Đã lưu {count} dòng", "{count} rows saved"),
    "file_villages": ("thon_ban", "villages"),
    # Tools
    "tools": ("Công cụ", "Tools"),
    "measure": ("Đo khoảng cách", "Measure a distance"),
    "measure_help": ("Bấm lên bản đồ để thêm điểm.", "Click or tap the map to add points."),
    "measure_keys": (
        "Bàn phím: mũi tên để di chuyển, Enter thêm điểm tại dấu +, Backspace bỏ điểm cuối, Esc kết thúc.",
        "Keyboard: arrows move, Enter adds a point at the +, Backspace drops the last, Esc ends.",
    ),
    "measure_total": ("Tổng: {total} · đoạn cuối: {last}", "Total: {total} · last leg: {last}"),
    "undo": ("Bỏ điểm cuối", "Drop the last point"),
    "finish": ("Kết thúc", "Done"),
    "north": ("Hướng bắc", "North"),
    "place_shown": ("Tọa độ", "Coordinates"),
    "zone": ("VN-2000, kinh tuyến trục {meridian}, múi 3°", "VN-2000, central meridian {meridian}, 3° zone"),
    "vn2000": ("Tọa độ VN-2000", "VN-2000 coordinates"),
    "easting_northing": ("Đông {e} · Bắc {n} m", "E {e} · N {n} m"),
    # Link
    "link": ("Sao chép liên kết", "Copy a link"),
    "link_help": (
        "Liên kết mở lại đúng khung nhìn, lớp, bộ lọc và ngôn ngữ này, nếu người nhận có cùng tệp bản đồ.",
        "The link restores this view, its layers, filters and language for whoever has the same map file.",
    ),
    "link_copied": ("Đã sao chép liên kết", "Link copied"),
    "link_part": ("Phần sau tên tệp", "What follows the file's name"),
    # Print
    "print": ("In bản đồ", "Print"),
    "print_title": ("Xem trước khi in", "Print preview"),
    "paper": ("Khổ giấy", "Paper"),
    "turn": ("Chiều giấy", "Orientation"),
    "portrait": ("Dọc", "Portrait"),
    "landscape": ("Ngang", "Landscape"),
    "print_now": ("In hoặc lưu PDF", "Print or save as PDF"),
    "legend": ("Chú giải", "Legend"),
    "scale_about": ("Tỷ lệ khoảng 1 : {scale}", "Scale about 1 : {scale}"),
    "printed_on": ("Ngày in", "Printed on"),
    "filtered_by": ("Bộ lọc", "Filters"),
    "map_datum": ("Hệ tọa độ WGS 84, phép chiếu Web Mercator", "WGS 84, Web Mercator projection"),
    # Cards
    "rule_centre": (
        "Sóng tốt nhất tại trung tâm: {level} dBm ({network}); có sóng từ {weak} dBm, tốt từ {good} dBm.",
        "Best signal at the centre: {level} dBm ({network}); signal from {weak} dBm, good from {good} dBm.",
    ),
    "rule_out_of_reach": (
        "Không trạm nào của công nghệ còn cung cấp phủ tới trung tâm.",
        "No cell of a technology in service reaches the centre.",
    ),
    "rule_share": (
        "{percent} số hộ có sóng; đạt khi từ {needed}% trở lên.",
        "{percent} of households have signal; {needed}% or more are asked for.",
    ),
    "rule_cluster": (
        "Cụm lớn nhất không có sóng: {households} hộ; không đạt khi từ {limit} hộ trở lên.",
        "Largest cluster without signal: {households} households; {limit} or more fail.",
    ),
    "rule_verify": (
        "Trung tâm không có sóng nhưng từ {needed}% số hộ trở lên có sóng: điểm trung tâm có thể sai.",
        "No signal at the centre, yet {needed}% of households or more have it: the point may be wrong.",
    ),
    "under_networks": ("Tình trạng theo nhà mạng", "Status by operator"),
    "in_service_short": ("Chung", "All"),
    "status_indoors": ("Tình trạng trong nhà", "Status in the house"),
    "probability": ("Xác suất có sóng tại trung tâm", "Probability of signal at the centre"),
    "village_id": ("Mã thôn/bản", "Village id"),
    "commune_code": ("Mã xã", "Commune code"),
    "households_from": ("Nguồn phân bố hộ", "Households placed by"),
    "people_estimated": ("Số khẩu theo bản đồ dân số", "People by the population raster"),
}

HOUSEHOLDS_FROM = {
    "housing": ("vị trí hộ", "housing"),
    "buildings": ("nhà, công trình", "buildings"),
    "population": ("bản đồ dân số", "population raster"),
    "polygon": ("ranh giới thôn/bản", "area of the village"),
    "centre": ("chỉ điểm trung tâm", "the centre alone"),
    "none": ("không có", "none"),
}
"""What `columns.HOUSEHOLD_SOURCES` mean."""
