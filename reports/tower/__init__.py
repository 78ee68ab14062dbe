"""The platform's page: what analysts and on-call look at."""
