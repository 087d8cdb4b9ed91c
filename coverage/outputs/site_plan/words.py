"""Words of the workbook of ranked sites, as (Vietnamese, English)."""

SITE_PLAN_WORDS = {
    "title": ("Xếp hạng vị trí đề xuất", "Ranked sites"),
    "sites.sheet": ("Xếp hạng", "Ranking"),
    "sites.title": ("XẾP HẠNG VỊ TRÍ ĐỀ XUẤT XÂY DỰNG, NÂNG CẤP TRẠM", "SITES TO BUILD OR UPGRADE, RANKED"),
    "sites.counts": (
        "{n} vị trí. Chưa có sóng: {dead} hộ ở thôn/bản trắng sóng, {weak} hộ ở thôn/bản lõm sóng.",
        "{n} sites. Without signal: {dead} households in dead villages, {weak} in weak ones.",
    ),
    "details.sheet": ("Chi tiết", "Details"),
    "details.title": ("CHI TIẾT TỪNG VỊ TRÍ VÀ LÝ DO XẾP HẠNG", "EACH SITE IN DETAIL, AND WHY IT RANKS WHERE IT DOES"),
    "details.counts": (
        "{n} vị trí, theo thứ tự của bảng xếp hạng.",
        "{n} sites, in the order of the ranking.",
    ),
    "budgets.sheet": ("Ngân sách", "Budgets"),
    "budgets.title": ("NGÂN SÁCH VÀ KẾT QUẢ TỐT NHẤT CÓ THỂ ĐẠT", "WHAT EACH BUDGET CAN BUY AT BEST"),
    "budgets.counts": (
        "{n} mức ngân sách. Cận trên đã chứng minh: không phương án nào vượt qua.",
        "{n} budgets. No choice whatsoever passes the bound.",
    ),
    "covers.sheet": ("Chi phí tối thiểu", "Least cost"),
    "covers.title": ("CHI PHÍ TỐI THIỂU ĐỂ PHỦ MỘT TỶ LỆ SỐ HỘ", "THE LEAST COST OF COVERING A SHARE"),
    "covers.counts": (
        "{n} mức. Tỷ lệ tính trên số hộ mà ít nhất một vị trí có thể phủ.",
        "{n} shares, of the households that at least one candidate reaches.",
    ),
    "losses.sheet": ("Khi mất trạm", "Without sites"),
    "losses.title": ("ẢNH HƯỞNG KHI MẤT TRẠM", "WHAT IS LOST WITHOUT SITES"),
    "losses.counts": ("Khi mất {removed}: {n} thôn/bản bị ảnh hưởng.", "Without {removed}: {n} villages are affected."),
    "resilience.sheet": ("Phụ thuộc một trạm", "Single points"),
    "resilience.title": ("VỊ TRÍ MÀ THÔN/BẢN PHỤ THUỘC DUY NHẤT", "POSITIONS THAT VILLAGES HANG ON ALONE"),
    "resilience.counts": (
        "{n} vị trí: nếu ngừng hoạt động, số hộ ghi tại đây không còn sóng của nhà mạng nào.",
        "{n} positions: should one fail, these households have no signal of any operator left.",
    ),
    "meanings.sheet": ("Giải thích", "Notes"),
    "meanings.title": ("GIẢI THÍCH, CÁCH TÍNH VÀ ĐƠN GIÁ", "NOTES, METHOD AND PRICES"),
    "meanings.counts": (
        "Đơn giá là giá trị tham khảo của mô hình nước ngoài; đặt lại trong [costs] của coverage.toml.",
        "Prices are defaults of foreign models; set your own in [costs] of coverage.toml.",
    ),
    "kind.upgrade": ("Nâng cấp", "Upgrade"),
    "kind.proposed": ("Đề xuất", "Proposed"),
    "kind.new": ("Trạm mới", "New"),
    "power.existing": ("Có sẵn", "Existing"),
    "power.grid": ("Điện lưới", "Grid"),
    "power.solar": ("Điện mặt trời", "Solar"),
    "power.unknown": ("Chưa rõ", "Unknown"),
    "access.existing": ("Có sẵn", "Existing"),
    "access.road": ("Sát đường", "Beside a road"),
    "access.track": ("Làm đường vào", "Track"),
    "access.unknown": ("Chưa rõ", "Unknown"),
    "backhaul.existing": ("Có sẵn", "Existing"),
    "backhaul.fiber": ("Cáp quang", "Fiber"),
    "backhaul.microwave": ("Vi ba", "Microwave"),
    "backhaul.relay": ("Vi ba qua trạm chuyển tiếp", "Microwave by relay"),
    "backhaul.unknown": ("Chưa rõ", "Unknown"),
    "kinds": ("Loại vị trí", "Kinds of sites"),
    "kinds.upgrade": (
        "Nâng cấp: bổ sung {technology} hoặc nhà mạng trên vị trí trạm có sẵn.",
        "Upgrade: {technology} or an operator added on a standing mast.",
    ),
    "kinds.proposed": (
        "Đề xuất: vị trí do người lập quy hoạch cung cấp.",
        "Proposed: a position that the planner supplied.",
    ),
    "kinds.new": (
        "Trạm mới: điểm cao nhìn thấy nhiều hộ chưa có sóng, do chương trình tìm trên bản đồ địa hình.",
        "New: high ground in sight of households without signal, found on the terrain.",
    ),
    "columns": ("Các cột", "Columns"),
    "columns.new_households": (
        "Số hộ phủ mới: hộ chưa có sóng mà vị trí này phục vụ và chưa được vị trí xếp trên phục vụ.",
        "Households newly covered: without signal until now, and served by no site ranked before.",
    ),
    "columns.villages_resolved": (
        "Thôn/bản thành phủ sóng đầy đủ: đánh giá lại theo đúng tiêu chí của báo cáo khi vị trí này và các vị trí xếp "
        "trên cùng phát sóng.",
        "Villages covered from then on: judged anew by the definition of the report, with this site and those ranked "
        "before it on the air.",
    ),
    "columns.value": (
        "Số hộ quy đổi: hộ ở thôn/bản trắng sóng tính {dead}, lõm sóng tính {weak}; thuộc chương trình viễn thông công "
        "ích nhân {programme}.",
        "Weighted households: {dead} each in dead villages, {weak} in weak ones, times {programme} in the "
        "public-utility programme.",
    ),
    "columns.bound": (
        "Cận trên đã chứng minh: giới hạn do bài toán quy hoạch nguyên chứng minh; không phương án nào tốt hơn.",
        "Bound: proven by the mixed-integer programme; no choice can be better.",
    ),
    "columns.cost": (
        "Chi phí: thấp / trung bình / cao; gồm cột, thiết bị, đường vào, nguồn điện và truyền dẫn. Phần nào thiếu "
        "dữ liệu thì ghi “chưa rõ” và không tính.",
        "Cost: low / central / high; mast, equipment, access, power and backhaul. What no layer tells is said to be "
        "unknown and not counted.",
    ),
    "method": ("Cách tính", "Method"),
    "method.reach": (
        "Vùng phủ: tính bằng cùng mô hình truyền sóng như bản đồ, trên địa hình, từ chiều cao anten ghi trong bảng.",
        "Reach: by the propagation model of the map, over the terrain, from the antenna height in the table.",
    ),
    "method.ranking": (
        "Xếp hạng: theo số hộ quy đổi phủ mới trên chi phí, tính lại sau mỗi vị trí được chọn; đoạn đầu nào của danh "
        "sách cũng dùng được.",
        "Ranking: by weighted households newly covered per cost, reckoned anew after each site; good at every length.",
    ),
    "method.best": (
        "Phương án tối ưu: chọn tập vị trí phủ nhiều nhất với mỗi ngân sách (quy hoạch nguyên, HiGHS).",
        "Best choice: the sites that cover most for each budget (mixed-integer programme, HiGHS).",
    ),
    "prices": ("Đơn giá áp dụng (thấp / trung bình / cao)", "Prices applied (low / central / high)"),
}
