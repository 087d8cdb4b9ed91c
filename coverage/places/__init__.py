"""Signal meets people: villages, communes, status, fiber access, indicators."""
