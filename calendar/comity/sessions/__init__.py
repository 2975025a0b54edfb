"""Sessions of the Working Group, and the timetable of meetings in their margins (resolution 8/1, paras 16-18)."""
