"""What the comparison with the official list is said in, Vietnamese and English; wording.py says it."""

RECONCILIATION_WORDS = {
    "reconciliation.title": ("Đối chiếu với danh sách chính thức", "Comparison with the official list"),
    "reconciliation.basis": (
        "{area} – thời điểm {day} – định nghĩa {definition}",
        "{area} – as of {day} – definition {definition}",
    ),
    "reconciliation.counts": (
        "Danh sách chính thức: {listed} thôn/bản, ghép được {matched}; {agreement}",
        "Official list: {listed} villages, {matched} of them matched; {agreement}",
    ),
    "reconciliation.share": (
        "tình trạng khớp {alike}/{villages} thôn/bản ({percent}%), kappa {kappa}",
        "{alike} of {villages} villages agree ({percent}%), kappa {kappa}",
    ),
    "reconciliation.none": ("không có thôn/bản nào so sánh được", "no village can be compared"),
    "reconciliation.no_kappa": ("không xác định", "undefined"),
    "reconciliation.matrix": ("Ma trận đối chiếu", "Confusion matrix"),
    "reconciliation.matrix_villages": (
        "SỐ THÔN/BẢN\nDanh sách chính thức (dòng) × kết quả tính (cột)",
        "VILLAGES\nOfficial list (rows) × results (columns)",
    ),
    "reconciliation.matrix_households": (
        "SỐ HỘ\nDanh sách chính thức (dòng) × kết quả tính (cột)",
        "HOUSEHOLDS\nOfficial list (rows) × results (columns)",
    ),
    "reconciliation.total": ("Tổng cộng", "Total"),
    "reconciliation.agreement": ("Mức độ khớp", "Agreement"),
    "reconciliation.of_statuses": ("Tình trạng của thôn/bản ghép được", "Status, of villages that were matched"),
    "reconciliation.of_dead": (
        "Trắng sóng hay không (mọi thôn/bản)",
        "Dead or not, of all villages",
    ),
    "reconciliation.kappa": ("Hệ số kappa (Cohen)", "Cohen's kappa"),
    "reconciliation.kappa_means": (
        "Mức khớp sau khi trừ phần khớp ngẫu nhiên: 1 là khớp hoàn toàn, 0 là chỉ như ngẫu nhiên. Không xác định khi "
        "một bên chỉ có một tình trạng.",
        "Agreement beyond chance: 1 is complete, 0 is no more than chance gives. Undefined where one side knows one "
        "status only.",
    ),
    "reconciliation.listed": ("Danh sách chính thức liệt kê", "The official list collects"),
    "reconciliation.statuses": ("Tình trạng (kết quả tính)", "Status (results)"),
    "reconciliation.matching": ("Kết quả ghép", "Match"),
    "reconciliation.causes": (
        "Nguyên nhân có thể (lấy nguyên nhân đầu tiên phù hợp)",
        "Likely reason (the first that holds)",
    ),
    "reconciliation.sources": ("Nguồn số liệu", "Sources"),
    "reconciliation.differences": ("Khác biệt", "Differences"),
    "reconciliation.differences.title": (
        "Các điểm khác biệt và nguyên nhân có thể",
        "Differences and their likely reason",
    ),
    "reconciliation.matches": ("Đã ghép", "Matches"),
    "reconciliation.matches.title": ("Thôn/bản đã ghép được", "Villages that were matched"),
    "reconciliation.unmatched": ("Chưa ghép được", "Not matched"),
    "reconciliation.unmatched.title": ("Thôn/bản chưa ghép được", "Villages that could not be matched"),
    "reconciliation.villages_n": ("Số dòng: {n}", "Rows: {n}"),
    "reconciliation.status_differs": ("Tình trạng khác nhau", "Status differs"),
    "listed.unstated": ("Không ghi rõ", "Not stated"),
    "listed.undecided": ("Chưa phân định", "Undecided"),
    "listed.not_listed": ("Không có trong danh sách", "Not on the list"),
    "listed.not_in_layer": ("Không có trong dữ liệu thôn/bản", "Not in the village layer"),
    "match.same": ("Trùng tên", "Same name"),
    "match.same.means": (
        "Cùng xã và cùng tên; không phân biệt chữ hoa, dấu cách, cách đặt dấu, tiền tố (bản, thôn, xóm…), và dấu "
        "tiếng Việt nếu một bên viết không dấu.",
        "One commune and one name, but for case, blanks, the place of tones, the kind of village, and accents where "
        "one side has none.",
    ),
    "match.similar": ("Tên gần giống", "Similar name"),
    "match.similar.means": (
        "Tên gần giống duy nhất trong xã; cần kiểm tra.",
        "The only similar name in the commune; to be looked at.",
    ),
    "match.renamed": ("Khác tên, cùng vị trí", "Other name, same place"),
    "match.renamed.means": (
        "Tên khác nhưng hai tọa độ cách nhau không quá 300 m, cùng xã.",
        "Another name within 300 m, in one commune.",
    ),
    "match.ambiguous": ("Trùng tên, chưa phân định", "One name, undecided"),
    "match.ambiguous.means": (
        "Nhiều thôn/bản cùng tên trong xã; xã cũ, tọa độ và số hộ không đủ để phân biệt.",
        "Several villages of one name in the commune, which former commune, point and households do not tell apart.",
    ),
    "match.only_official": ("Chỉ có trong danh sách chính thức", "Official list only"),
    "match.only_official.means": ("Không tìm thấy trong dữ liệu thôn/bản.", "Not found in the village layer."),
    "match.only_ours": ("Chỉ có trong kết quả tính", "Results only"),
    "match.only_ours.means": (
        "Không có trong danh sách chính thức. Chỉ tính là khác biệt nếu thuộc tình trạng mà danh sách liệt kê.",
        "Not on the official list. A difference only where it has a status that the list collects.",
    ),
    "cause.commune_unknown": ("Không xác định được xã", "Commune unknown"),
    "cause.commune_unknown.means": (
        "Danh sách không ghi xã, hoặc ghi xã không có trong dữ liệu.",
        "The list names no commune, or none that is known.",
    ),
    "cause.other_area": ("Ngoài địa bàn", "Another area"),
    "cause.other_area.means": (
        "Mã xã thuộc tỉnh khác hoặc không có trong lớp ranh giới.",
        "Its commune is not in the commune layer.",
    ),
    "cause.same_name": ("Trùng tên", "Same name"),
    "cause.same_name.means": (
        "Nhiều thôn/bản cùng tên; cần bổ sung xã cũ, tọa độ hoặc số hộ.",
        "Several villages of one name; former commune, point or households are needed.",
    ),
    "cause.not_assessed": ("Chưa đánh giá được", "Not assessed"),
    "cause.not_assessed.means": (
        "Thiếu tọa độ hoặc dữ liệu địa hình nên không so sánh được.",
        "No point or no terrain, so that nothing can be compared.",
    ),
    "cause.renamed": ("Có thể đã đổi tên", "Perhaps renamed"),
    "cause.renamed.means": (
        "Bên kia có thôn/bản chưa ghép, tên gần giống hoặc cách không quá 1 km; hoặc hai bên ghép theo tên gần giống.",
        "The other side has an unmatched village of a like name or within 1 km; or the two were matched by a like "
        "name.",
    ),
    "cause.not_in_our_layer": ("Không có trong dữ liệu thôn/bản", "Not in the village layer"),
    "cause.not_in_our_layer.means": (
        "Cần bổ sung thôn/bản này vào dữ liệu.",
        "The village is to be added to the layer.",
    ),
    "cause.only_2g": ("Chỉ có sóng 2G", "2G only"),
    "cause.only_2g.means": (
        "Chỉ có sóng 2G, hoặc sóng của công nghệ đã ngừng cung cấp, nên hai bên tính khác nhau.",
        "Only 2G, or a technology out of service, is received, which the two count differently.",
    ),
    "cause.wrong_point": ("Tọa độ cần xác minh", "Wrong point"),
    "cause.wrong_point.means": (
        "Tọa độ nằm ngoài xã, cách tọa độ của danh sách trên 1 km, mâu thuẫn với khu dân cư, hoặc tình trạng của danh"
        " sách đúng tại tọa độ của danh sách.",
        "The point lies outside its commune, over 1 km from that of the list, or at odds with the housing; or what "
        "the list says holds at the point of the list.",
    ),
    "cause.near_threshold": ("Sát ngưỡng", "Near the threshold"),
    "cause.near_threshold.means": (
        "Mức thu tại trung tâm cách ngưỡng không quá 6 dB: mô hình không phân định được, cần đo thực tế.",
        "The level at the centre is within 6 dB of the threshold, where a model cannot tell: to be measured.",
    ),
    "cause.other_definition": ("Khác định nghĩa", "Other definition"),
    "cause.other_definition.means": (
        "Một bên ghi trắng, bên kia ghi lõm; hoặc trung tâm có sóng tốt nhưng một phần số hộ không có sóng.",
        "One says dead and the other weak; or the centre has a good signal, but part of the households have none.",
    ),
    "cause.unknown": ("Chưa rõ", "Unknown"),
    "cause.unknown.means": ("Cần kiểm tra thực địa.", "To be looked at on the ground."),
}  # fmt: skip
"""Key -> Vietnamese, English."""
