"""Taking the directory out of Comity and bringing it in: one flat format as CSV, XLSX and JSON."""
