"""Maps drawn as pictures: one for each commune, one over the report."""
