"""The workbooks that officials receive, and the templates they fill in."""
