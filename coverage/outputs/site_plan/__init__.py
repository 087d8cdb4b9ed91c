"""What `rank` leaves: the ranked sites, what budgets can buy, and what hangs on single positions."""
