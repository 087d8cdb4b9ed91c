"""What the report says, in Vietnamese and English; `**` stands around what is bold, a grave accent around a file."""

REPORT_WORDS = {
    # Head, title, end.
    "report.province": ("Ủy ban nhân dân {authority}", "{authority}"),
    "report.body": ("SỞ ……………………", "DEPARTMENT OF ……………………"),
    "report.number": ("Số: ……/BC-……", "No. ……"),
    "report.nation": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    "report.motto": ("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
    "report.place": ("……………, ngày …… tháng …… năm ………", "……………, date ……………"),
    "report.title": ("Báo cáo", "Report"),
    "report.subject": (
        "Hiện trạng phủ sóng di động, cáp quang và đề xuất đầu tư trên\u00a0địa\u00a0bàn\u00a0{area}",
        "Mobile and fiber coverage, and what to build next: {area}",
    ),
    "report.when": (
        "(Thời điểm đánh giá: {day}; định nghĩa: {definition})",
        "(As of {day}; definition: {definition})",
    ),
    "report.page_title": ("Báo cáo phủ sóng di động và cáp quang – {area}", "Report on mobile and fiber coverage – {area}"),
    "report.source": ("**Nguồn số liệu:** {source}", "**Source of the data:** {source}"),
    "report.end": (
        "Trên đây là báo cáo hiện trạng phủ sóng di động, cáp quang và đề xuất đầu tư trên địa bàn {area}./.",
        "This is the report on mobile and fiber coverage of {area}.",
    ),
    "report.recipients": ("Nơi nhận:", "Recipients:"),
    "report.recipient": ("- ……………………;", "- ……………………;"),
    "report.file_copy": ("- Lưu: VT.", "- Files."),
    "report.signer": ("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF DEPARTMENT"),
    "report.sign": ("(Ký, ghi rõ họ tên, đóng dấu)", "(name, signature, seal)"),
    "report.table": ("Bảng {number}. {caption}", "Table {number}. {caption}"),
    # Summary.
    "report.summary": ("Kết quả chung", "Summary"),
    "report.assessed": (
        "Đến {day}, trên địa bàn có {villages} thôn/bản, trong đó {assessed} thôn/bản được đánh giá{and_not_assessed}. "
        "Các công nghệ còn hoạt động được tính: {in_service}. Kết quả:",
        "As of {day} the area has {villages} villages, of which {assessed} were assessed{and_not_assessed}. Technologies in "
        "service that count: {in_service}. Findings:",
    ),
    "report.not_assessed": (
        ", {not_assessed} thôn/bản chưa đánh giá được do thiếu tọa độ hoặc thiếu dữ liệu địa hình",
        "; {not_assessed} could not be, for want of coordinates or terrain data",
    ),
    "report.dead": (
        "**{dead} thôn/bản trắng sóng** tại {dead_communes} xã/phường, với {dead_households} hộ, {dead_people} khẩu. "
        "Tỷ lệ thôn/bản có sóng di động đạt **{signal_percent}%**.",
        "**{dead} dead villages** in {dead_communes} communes, with {dead_households} households and {dead_people} "
        "people. Villages with mobile signal: **{signal_percent}%**.",
    ),
    "report.of_dead": (
        "Trong số thôn/bản trắng sóng: {dead_with_power} thôn/bản có điện lưới (đủ điều kiện về điện để tham gia chương "
        "trình viễn thông công ích), {dead_without_power} chưa có điện lưới{and_dead_power_unknown}{and_dead_switched_off}{and_dead_to_verify}.",
        "Of the dead villages {dead_with_power} have grid power (and so meet that condition of the public-utility "
        "programme), {dead_without_power} have none{and_dead_power_unknown}{and_dead_switched_off}{and_dead_to_verify}.",
    ),
    "report.dead_power_unknown": (", {dead_power_unknown} chưa rõ", ", for {dead_power_unknown} it is not known"),
    "report.dead_switched_off": (
        "; {dead_switched_off} thôn/bản chỉ còn sóng của công nghệ đã ngừng cung cấp",
        "; {dead_switched_off} have only signal of a technology out of service",
    ),
    "report.dead_to_verify": (
        "; {dead_to_verify} thôn/bản cần xác minh vị trí vì phần lớn hộ dân vẫn có sóng",
        "; the location of {dead_to_verify} is to be verified, since most of their households have signal",
    ),
    "report.weak": (
        "**{weak} thôn/bản lõm sóng** ({weak_households} hộ), chiếm {weak_percent}% số thôn/bản không trắng sóng. "
        "Thôn/bản đã phủ sóng đầy đủ: {covered}, đạt {covered_percent}%.",
        "**{weak} weak villages** ({weak_households} households), {weak_percent}% of the villages that are not dead. "
        "Fully covered: {covered} villages, {covered_percent}%.",
    ),
    "report.shares": (
        "Hộ có sóng di động: {households_percent}%. Thôn/bản có cáp quang: {fiber_percent}%.",
        "Households with mobile signal: {households_percent}%. Villages with fiber: {fiber_percent}%.",
    ),
    "report.infrastructure": (
        "Hạ tầng hiện có: {positions} vị trí, {stations} trạm (mỗi công nghệ trên một vị trí đếm là một trạm).",
        "Infrastructure: {positions} positions, {stations} stations (each technology at a position counts as one).",
    ),
    "report.proposed": (
        "Đề xuất: {sites} vị trí xây mới hoặc nâng cấp, phủ mới {site_households} hộ, chi phí trung bình ước tính "
        "{site_cost} USD ({site_cost_low} – {site_cost_high} USD); {routes} tuyến cáp quang dài {route_km} km cho "
        "{route_households} hộ.",
        "Proposed: {sites} new or upgraded sites that newly cover {site_households} households, central estimate "
        "{site_cost} USD ({site_cost_low} – {site_cost_high} USD); {routes} fiber extensions, {route_km} km, for "
        "{route_households} households.",
    ),
    "report.files": (
        "Danh sách đầy đủ thôn/bản trắng sóng và lõm sóng nằm trong tệp `uncovered_villages.xlsx` kèm theo; bản đồ từng "
        "xã/phường: thư mục `communes`; bản đồ tương tác: `coverage_map.html`.",
        "All dead and weak villages are listed in `uncovered_villages.xlsx`; there is a map of each commune in the folder "
        "`communes`; the interactive map is `coverage_map.html`.",
    ),
    # Indicators.
    "report.indicators": ("Chỉ tiêu", "Indicators"),
    "report.key_indicators": ("Các chỉ tiêu chính", "Key indicators"),
    "report.reception": (
        "Tỷ lệ thôn/bản có sóng theo nhà mạng và công nghệ (%)",
        "Villages with signal by operator and technology (%)",
    ),
    "report.stations": ("Số trạm theo nhà mạng và công nghệ", "Stations by operator and technology"),
    # Map.
    "report.map": ("Bản đồ hiện trạng", "Map"),
    "report.map_alt": ("Bản đồ tình trạng phủ sóng của các thôn/bản", "Map of the status of villages"),
    "report.figure": (
        "Hình 1. Vùng phủ sóng tốt nhất của các nhà mạng và tình trạng thôn/bản. Số trên bản đồ là số thứ tự xã/phường ở "
        "Bảng {number}. Ranh giới chỉ có tính minh họa.",
        "Figure 1. Best coverage of any operator and status of villages. Numbers are the rows of Table {number}. Borders "
        "are for illustration only.",
    ),
    "legend.site": ("Vị trí đề xuất xây mới hoặc nâng cấp", "Site proposed or upgraded"),
    "legend.good": ("Sóng tốt", "Good signal"),
    "legend.weak": ("Sóng yếu", "Weak signal"),
    "legend.none": ("Không có sóng", "No signal"),
    "legend.mast": ("Trạm BTS", "Mast"),
    "legend.road": ("Đường bộ", "Road"),
    "legend.fiber": ("Cáp quang", "Fiber"),
    "legend.border": ("Ranh giới xã/phường", "Commune border"),
    "legend.villages": ("Thôn/bản", "Villages"),
    "legend.best_signal": ("Sóng tốt nhất ({technologies})", "Best signal ({technologies})"),
    "legend.keyed": ("Số trên bản đồ", "Numbers on the map"),
    "legend.outside": ("{village} (ngoài bản đồ)", "{village} (off the map)"),
    "legend.more": ("… và {count} thôn/bản khác", "… and {count} more villages"),
    "legend.source": ("Nguồn: {source}", "Source: {source}"),
    "legend.definition": ("Định nghĩa: {definition}", "Definition: {definition}"),
    "legend.illustration": ("Ranh giới chỉ có tính minh họa", "Borders are for illustration only"),
    "legend.title": ("{commune} ({code}) – hiện trạng phủ sóng, ngày {day}", "{commune} ({code}) – coverage as of {day}"),
    "legend.north": ("B", "N"),
    # Communes, dead villages, switch-offs.
    "report.communes": ("Tình hình theo xã, phường", "By commune"),
    "report.by_commune": ("Tổng hợp theo xã/phường", "Summary by commune"),
    "report.total": ("Tổng cộng", "Total"),
    "report.list": ("Danh sách thôn/bản trắng sóng", "Dead villages"),
    "report.dead_by_commune": ("Thôn/bản trắng sóng theo xã/phường", "Dead villages by commune"),
    "report.in_commune": ("{commune}: {count} thôn/bản", "{commune}: {count} villages"),
    "report.none_dead": ("Không có thôn/bản trắng sóng.", "There is no dead village."),
    "report.switch_offs": ("Mất sóng khi ngừng {technologies}", "Signal lost when {technologies} end"),
    "report.lost": (
        "Thôn/bản mất sóng khi ngừng {technologies}, nếu các trạm khác giữ nguyên",
        "Villages that lose their last signal when {technologies} end, if the network stays as it is otherwise",
    ),
    "report.lost_on": (
        "Ngừng {technology} sau ngày {day}: {count} thôn/bản, {households} hộ",
        "{technology} ends after {day}: {count} villages, {households} households",
    ),
    "report.lost_more": (
        "Bảng chỉ nêu {shown} thôn/bản đầu; đầy đủ {count} thôn/bản tại `uncovered_villages.xlsx`.",
        "The table shows the first {shown} of {count} villages; all of them are in `uncovered_villages.xlsx`.",
    ),
    "report.none_lost": (
        "Không có thôn/bản nào mất sóng khi ngừng {technologies}.",
        "No village loses its last signal when {technologies} end.",
    ),
    # Proposals.
    "report.proposals": ("Đề xuất đầu tư", "What to build next"),
    "report.new_sites": ("1. Vị trí xây mới và nâng cấp", "1. New and upgraded sites"),
    "report.ranked": (
        "Xếp hạng theo số hộ phủ mới trên chi phí; mỗi hộ chỉ tính một lần, cho vị trí được xếp trước.",
        "Ranked by households newly covered per cost; a household counts once, for the site that ranks first.",
    ),
    "report.ranked_more": (
        " Bảng chỉ nêu {shown} vị trí đầu trong số {count} (đầy đủ tại `ranked_sites.csv`).",
        " The table shows the first {shown} of {count} (all of them in `ranked_sites.csv`).",
    ),
    "report.sites": ("Vị trí ưu tiên", "Sites in order of priority"),
    "report.no_site": ("Không có vị trí nào được đề xuất.", "No site is proposed."),
    "report.new_routes": ("2. Mở rộng cáp quang", "2. Fiber extensions"),
    "report.routes": ("Tuyến cáp quang ưu tiên", "Fiber extensions in order of priority"),
    "report.routes_more": ("Đầy đủ tại `fiber_plan.csv` ({count}).", "All of them in `fiber_plan.csv` ({count})."),
    "report.no_route": ("Không có tuyến nào được đề xuất.", "No extension is proposed."),
    # Method and limits.
    "report.method": ("Phương pháp và định nghĩa", "Method and definitions"),
    "report.thresholds": ("Ngưỡng tín hiệu (dBm)", "Signal classes (dBm)"),
    "report.inputs": ("Tệp số liệu đầu vào", "Input files"),
    "report.limits": ("Hạn chế", "Limits"),
    "report.limit.model": (
        "Kết quả là dự báo bằng mô hình truyền sóng trên địa hình, không phải số đo tại hiện trường; cần đo kiểm trước khi "
        "quyết định đầu tư.",
        "Results are predictions of a propagation model over terrain, not measurements; measure on site before deciding "
        "to invest.",
    ),
    "report.limit.input": (
        "Tình trạng của thôn/bản phụ thuộc vào độ chính xác của tọa độ trung tâm, vị trí và thông số trạm do các đơn vị "
        "cung cấp.",
        "The status of a village depends on the accuracy of its centre and of the stations' positions and parameters as "
        "supplied.",
    ),
    "report.limit.costs": (
        "Chi phí ước tính theo đơn giá tham khảo quốc tế (thấp – trung bình – cao) vì chưa có đơn giá trong nước; chỉ dùng "
        "để so sánh và xếp thứ tự ưu tiên, không dùng lập dự toán.",
        "Costs use foreign unit prices (low – central – high), since none from Viet Nam was found; they serve comparison "
        "and ranking, not budgeting.",
    ),
    "report.limit.borders": (
        "Ranh giới hành chính trong bản đồ không có giá trị pháp lý.",
        "Borders on the map have no legal standing.",
    ),
    "report.problems": (
        "Số liệu đầu vào còn {count} điểm cần kiểm tra:",
        "The input has {count} points to check:",
    ),
    "report.problem": ("`{where}`: {title}. {remedy}", "`{where}`: {title}. {remedy}"),
    "report.problem_rows": ("{file}, {count} dòng (đầu tiên: dòng {row})", "{file}, {count} rows (first: {row})"),
    # Headings of columns.
    "head.number": ("STT", "No."),
    "head.indicator": ("Chỉ tiêu", "Indicator"),
    "head.technology": ("Công nghệ", "Technology"),
    "head.count": ("Số lượng", "Number"),
    "head.of": ("Trên tổng số", "Out of"),
    "head.percent": ("Tỷ lệ (%)", "Percent"),
    "head.operator": ("Nhà mạng", "Operator"),
    "head.commune": ("Xã/phường", "Commune"),
    "head.villages": ("Số thôn/bản", "Villages"),
    "head.with_signal": ("Số hộ có sóng", "With signal"),
    "head.with_fiber": ("Thôn/bản có cáp quang", "Villages with fiber"),
    "head.village": ("Thôn/bản", "Village"),
    "head.households": ("Số hộ", "Households"),
    "head.people": ("Số khẩu", "People"),
    "head.power": ("Điện lưới", "Grid power"),
    "head.fiber": ("Cáp quang", "Fiber"),
    "head.nearest": ("Trạm gần nhất (km)", "Nearest site (km)"),
    "head.proposal": ("Đề xuất", "Proposal"),
    "head.note": ("Ghi chú", "Note"),
    "head.before": ("Tình trạng trước đó", "Status before"),
    "head.rank": ("Hạng", "Rank"),
    "head.site": ("Mã vị trí", "Site"),
    "head.kind": ("Loại", "Kind"),
    "head.new_households": ("Hộ phủ mới", "New households"),
    "head.so_far": ("Lũy kế", "So far"),
    "head.cost": ("Chi phí (USD)", "Cost (USD)"),
    "head.helped": ("Thôn/bản được phủ", "Villages helped"),
    "head.connected": ("Thôn/bản được kết nối", "Villages connected"),
    "head.length": ("Chiều dài (km)", "Length (km)"),
    "head.what": ("Nội dung", "What"),
    "head.meaning": ("Áp dụng", "As applied"),
    "head.quantity": ("Đại lượng", "Quantity"),
    "head.good_from": ("Tốt: từ", "Good: from"),
    "head.weak_from": ("Yếu: từ", "Weak: from"),
    "head.in_service": ("Còn hoạt động", "In service"),
    "head.last_day": ("Ngày cuối hoạt động", "Last day of service"),
    "head.layer": ("Lớp", "Layer"),
    "head.file": ("Tệp", "File"),
}  # fmt: skip
