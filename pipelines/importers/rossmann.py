"""Rossmann Store Sales into feeds: turnover and customers of 1,115 stores by day, with promotions and holidays.

The data: Kaggle's competition `rossmann-store-sales` (2015); its rules allow use for the competition and for research
that is not commercial, so the files stay where you downloaded them. `merchant-gps import rossmann --from FOLDER` reads
`train.csv` and `store.csv`, or a Parquet copy that holds the open days only (`train_open_days.parquet`,
`store.parquet`).

The idea: `rossmann_days.sql` says what is known of each store and day, one `.sql` file per feed what it is called.
- A day on which a store was closed is a plan (`open` = false) and a turnover of 0, never an unknown. Where the file
  holds open days only, a missing day is a closed one, save 33,121 store-days that the official file lacks too.
- Promotion and holidays are known in advance: no delivery day is given, so the feed's declared maturity dates them
  (28 days ahead), marked as assumed. School holidays count as holidays: the feed has one flag for both.
- `Customers` is counted at the till (9.1 of the currency each), so it stands for orders; how many came and did not buy,
  and how many came twice, is not known.
- The store type is the only grouping the set has, so it serves as category; regions and opening days are not told.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.importers.landing_writer import write_history_file, write_landing_files
from pipelines.importers.report import ImportReport
from pipelines.importers.sources import open_sources, read_sql, run_sql
from pipelines.workspace import Workspace

FILES = {
    "train": ("train.csv", "train.parquet", "train_open_days.parquet"),
    "stores": ("store.csv", "store.parquet"),
}
FEEDS = ("merchants", "sales", "storefront", "plans")
WHERE = "download train.csv and store.csv from https://www.kaggle.com/c/rossmann-store-sales and name their folder"
NOTES = (
    "closed days are plans with open = false and a turnover of 0; school holidays count as holidays",
    "plans count as known 28 days ahead, turnover at the end of its day: both assumed, the source does not say",
)


def import_rossmann(source: Path, workspace: Workspace) -> ImportReport:
    """Write the landing files of four feeds.

    Raises
    ------
    FileNotFoundError
        When a file is missing; says where to download it.
    """
    with duckdb.connect() as connection:
        open_sources(connection, source, FILES, WHERE)
        run_sql(connection, __file__, "rossmann_days.sql")
        data = {feed: read_sql(connection, __file__, f"rossmann_{feed}.sql") for feed in FEEDS}
    rows = {"merchants": write_landing_files(workspace, "merchants", data.pop("merchants"))}
    for feed, table in data.items():
        rows[feed] = write_history_file(workspace, feed, "rossmann", table)
    return ImportReport(rows, NOTES)
