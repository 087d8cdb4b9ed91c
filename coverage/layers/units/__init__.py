"""Units of administration before and since 1 July 2025."""
