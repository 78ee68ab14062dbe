"""The feeds of a platform: what they hold, what is refused, and how files become versioned rows of the lake."""
