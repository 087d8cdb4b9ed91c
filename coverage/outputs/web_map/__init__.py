"""The interactive map in one HTML file."""
