"""The words that columns hold, in the order in which people read them."""

TECHNOLOGIES = ("2g", "3g", "4g", "5g")
ANY = "any"
"""The operator that stands for the best of all."""
SIGNAL_CLASSES = ("none", "weak", "good")
"""In the order of `classes.SignalClass`."""

STATUSES = ("dead", "weak", "covered", "not_assessed")
STATUS_VI = {"dead": "Trắng sóng", "weak": "Lõm sóng", "covered": "Đã phủ sóng", "not_assessed": "Chưa đánh giá"}
STATUS_EN = {"dead": "Dead", "weak": "Weak", "covered": "Covered", "not_assessed": "Not assessed"}

FIBER_STATUSES = ("served", "near", "unserved", "not_assessed")
FIBER_VI = {"served": "Có cáp quang", "near": "Gần cáp quang", "unserved": "Chưa có", "not_assessed": "Chưa đánh giá"}
FIBER_EN = {"served": "Served", "near": "Near", "unserved": "Unserved", "not_assessed": "Not assessed"}

HOUSEHOLD_SOURCES = ("housing", "buildings", "population", "polygon", "centre", "none")
"""What says where the households of a village live, the best first; `centre` is the point alone."""

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

MATCHES = ("same", "renamed", "appeared", "vanished")
"""How a village of one run was found in another."""
CHANGES = (
    "newly_covered", "better", "newly_dead", "worse", "unchanged", "not_comparable", "appeared", "vanished",
)  # fmt: skip
"""What became of a village between two runs."""
