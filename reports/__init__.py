"""Facts to pages and messages, in every language a merchant reads."""
