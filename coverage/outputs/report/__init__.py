"""The report, as a web page and as a document of one content."""
