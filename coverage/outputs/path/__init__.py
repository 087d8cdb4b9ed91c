"""One radio path as text, JSON, a drawing and a page."""
