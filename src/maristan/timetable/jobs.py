"""Jobs of the app `timetable`."""
