"""The margins timetable: wishes to meet, slots and rooms in; a proven timetable out."""
