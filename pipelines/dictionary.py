"""The data dictionary: every feed and table with its columns, as Markdown from the same files that make them."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.tables import tables


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    return "\n".join([*_feeds(), *_tables()]) + "\n"


def _feeds() -> Iterator[str]:
    yield "# Data dictionary\n"
    yield "Made by `make docs` from `pipelines/contracts/feeds.yaml` and `pipelines/tables.yaml`.\n"
    yield "## Feeds\n"
    for name, feed in feeds().items():
        yield f"### {name}\n\n{feed.description} Key: {', '.join(feed.key)}. Legs: {', '.join(feed.legs)}.\n"
        yield "| column | type | must be given | meaning |\n|---|---|---|---|"
        for column, meaning in feed.columns.items():
            required = "yes" if meaning.required else ""
            yield f"| {column} | {meaning.type} | {required} | {_meaning(meaning.description, meaning.unit)} |"
        yield ""


def _tables() -> Iterator[str]:
    yield "## Tables\n"
    for name, table in tables().items():
        kept = f" Kept {table.retention_days} days." if table.retention_days else ""
        yield f"### {name}\n\n{table.description} Key: {', '.join(table.key)}.{kept}\n"
        yield "| column | type | meaning |\n|---|---|---|"
        for column, meaning in table.columns.items():
            yield f"| {column} | {meaning.type} | {_meaning(meaning.description, meaning.unit)} |"
        if table.open_columns:
            for field in merchant_day_schema():
                if field.name not in table.columns:
                    yield f"| {field.name} | {field.type} | count of the feed that it is named after |"
        yield ""


def _meaning(description: str, unit: str) -> str:
    text = f"{description} ({unit})" if unit else description
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(dictionary())  # noqa: T201 - the output of `make docs`
