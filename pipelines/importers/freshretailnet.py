"""FreshRetailNet-50K into feeds: fresh food by store, product and day, with the hours it was out of stock.

The data: Dingdong-Inc/FreshRetailNet-50K (arXiv 2505.16319), licence CC BY 4.0; name the source wherever it is shown.
Download the training Parquet file from https://huggingface.co/datasets/Dingdong-Inc/FreshRetailNet-50K (folder `data/`)
and run `merchant-gps import freshretailnet --from FOLDER_OR_FILE`. The official file `train.parquet` and the smaller
`daily.parquet` with the same columns both serve.

The idea: each `.sql` file beside this one says how the source's columns become those of a feed, and which day delivers
each row; the rest is shared by all importers. What the set does not hold stays empty ("not known"): money, stock on
hand, lead times. Two things are assumed, and named in the SQL: promotions and holidays were planned 7 days ahead, and
a promotion without a price cut counts as a depth of 5 %.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.importers.landing_writer import write_landing_files
from pipelines.importers.report import ImportReport
from pipelines.workspace import Workspace

FILES = ("daily.parquet", "train.parquet", "data/train.parquet")
FEEDS = ("merchants", "products", "sales", "stock", "plans")
NOTES = ("sales are in the set's normalised units, without money; promotions count as planned 7 days ahead (assumed)",)


def import_freshretailnet(source: Path, workspace: Workspace) -> ImportReport:
    """Write the landing files of five feeds.

    Parameters
    ----------
    source : Path
        The Parquet file, or the folder that holds it.

    Raises
    ------
    FileNotFoundError
        When there is no such file; says where to download it.
    """
    path = _source_file(source)
    rows = {}
    with duckdb.connect() as connection:
        for feed in FEEDS:
            sql = Path(__file__).with_name(f"freshretailnet_{feed}.sql").read_text(encoding="utf-8")
            data = connection.sql(sql, params={"path": str(path)}).to_arrow_table()
            rows[feed] = write_landing_files(workspace, feed, data)
    return ImportReport(rows, NOTES)


def _source_file(source: Path) -> Path:
    candidates = [source] if source.suffix == ".parquet" else [source / name for name in FILES]
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise FileNotFoundError(
            f"{source}: none of {', '.join(FILES)} is there; download the training file from "
            "https://huggingface.co/datasets/Dingdong-Inc/FreshRetailNet-50K and name its folder"
        )
    return found
