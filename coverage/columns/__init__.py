"""Every table's schema, once: column name, dtype, unit, English and Vietnamese heading."""
