"""What is likely to come of a merchant within weeks: learned from what came of others who looked the same."""
