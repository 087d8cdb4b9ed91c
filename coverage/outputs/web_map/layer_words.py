"""What the layers of the web map say, as (Vietnamese, English)."""

LAYER_PHRASES = {
    # What lies over the ground.
    "surface": ("Thể hiện", "Show"),
    "surface_level": ("Mức sóng", "Level of signal"),
    "surface_server": ("Vùng phục vụ tốt nhất", "Best-server areas"),
    "server_by_operator": ("Màu theo nhà mạng có sóng mạnh nhất", "Coloured by the operator with the strongest signal"),
    "server_by_site": (
        "Mỗi mảng màu là vùng do một trạm phục vụ tốt nhất; màu chỉ để phân biệt các trạm kề nhau.",
        "Each patch is what one site serves best; colours only tell neighbours apart.",
    ),
    "server_hint": (
        "Di chuột hoặc chạm vào bản đồ để biết trạm phục vụ. Chỗ trống: không có sóng.",
        "Point at or tap the map to see who serves. Clear: no signal.",
    ),
    "server_unable": ("Trình duyệt này quá cũ để mở lớp này.", "This browser is too old for this layer."),
    "served_by": ("Phục vụ tốt nhất tại đây", "Best server here"),
    "layer_water": ("Sông, hồ", "Rivers and lakes"),
    # Communes.
    "indicator": ("Chỉ tiêu", "Indicator"),
    "no_data": ("Không có số liệu", "No data"),
    "in_percent": ("%", "%"),
    "in_households": ("số hộ", "households"),
    "communes_in": ("{count} xã", "{count} communes"),
    # Villages and fiber.
    "signs": ("Ký hiệu thôn/bản theo", "Signs of villages by"),
    "signs_status": ("Tình trạng phủ sóng", "Status of signal"),
    "signs_fiber": ("Tiếp cận cáp quang", "Access to fiber"),
    "kind": ("Loại", "Kind"),
    "fiber_node": ("Nút cáp quang", "Fiber node"),
    # Sites.
    "eirp": ("EIRP (dBm)", "EIRP (dBm)"),
    "tilt": ("Góc ngẩng", "Tilt"),
    "omni": ("vô hướng", "omni"),
    "sectors_note": (
        "Phóng to để thấy hướng các cell; vòng nét đứt: cell vô hướng.",
        "Zoom in to see where cells point; a dashed ring is an omni cell.",
    ),
    # Proposals.
    "cumulative_share": ("Lũy kế trong số hộ chưa có sóng", "Of households without signal, so far"),
    "access": ("Đường vào", "Access"),
    "site_power": ("Nguồn điện", "Power supply"),
    "via": ("Truyền dẫn qua", "Backhaul passes"),
    "operators_helped": ("Nhà mạng được hỗ trợ", "Operators helped"),
    "slope": ("Độ dốc mặt đất", "Slope of the ground"),
    "lines_shown": (
        "Đường nối chỉ {shown} thôn/bản có hộ được phủ mới; vùng phủ chi tiết không nằm trong kết quả.",
        "Lines lead to the {shown} villages with households newly covered; the area itself is not in the results.",
    ),
    "rings_shown": (
        "Vòng tròn đánh dấu {shown} thôn/bản được kết nối.",
        "Rings mark the {shown} villages that it joins.",
    ),
    "not_pointed_out": (
        "{count} thôn/bản trùng tên trong vùng hoặc chưa có tọa độ, không đánh dấu.",
        "{count} villages share a name nearby or have no coordinates, and are not marked.",
    ),
    "centres_joined": ("Trung tâm xã/phường được kết nối", "Commune centres joined"),
    "feeds": ("Cấp truyền dẫn cho vị trí", "Would feed sites"),
    # Before and after.
    "proposal": ("Nếu xây theo đề xuất", "If the proposals are built"),
    "proposal_show": ("So sánh hiện tại và sau khi xây", "Compare today with what is proposed"),
    "proposal_upto": ("Xây từ hạng 1 đến hạng {rank}", "Built: ranks 1 to {rank}"),
    "proposal_gain": (
        "{villages} thôn/bản có thêm hộ được phủ, {households} hộ; khoảng {cost} USD.",
        "{villages} villages gain; {households} households newly covered; about {cost} USD.",
    ),
    "proposal_lifts": (
        "Thành phủ sóng đầy đủ: {resolved} thôn/bản; từ trắng sóng thành lõm sóng: {improved}.",
        "{resolved} villages become covered; {improved} are weak instead of dead.",
    ),
    "proposal_note": (
        "Bên phải: thôn/bản được lợi, ký hiệu theo tình trạng tính lại khi các vị trí này phát sóng.",
        "On the right: villages that gain, with the status they have once these sites are on the air.",
    ),
    "today": ("Hiện tại", "Today"),
    "afterwards": ("Sau khi xây", "Afterwards"),
    "gaining": ("Có thêm hộ được phủ, tình trạng như cũ", "More households covered, status as before"),
    "divider": ("Thanh chia trước và sau", "Divider between before and after"),
}
