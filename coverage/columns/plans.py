"""What to build, what it costs, and what hangs on what stands."""

from coverage.columns.schema import Column, Table
from coverage.columns.words import STATUSES, TECHNOLOGIES

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
