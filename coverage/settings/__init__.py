"""The rooms of coverage.toml and what they may hold; every default has a unit and a source."""
