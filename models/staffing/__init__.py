"""People for the consultations of the days ahead."""
