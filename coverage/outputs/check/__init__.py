"""What `check` says: lines, JSON, and a workbook to correct by."""
