"""Tables that people bring and take away: CSV and XLSX read into rows, and rows written as CSV and XLSX."""
