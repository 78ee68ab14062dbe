"""Delivery of messages to people: mail, chat and webhooks through Apprise."""
