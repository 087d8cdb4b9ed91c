"""What `compare` leaves: tables, a workbook and a map of two runs."""
