"""Documents of the timetable: pages typeset as PDF, sheets, and calendar files."""
