"""The command from outside: a table in, a forecast out, everything else on standard error."""

import io
import resource
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.cli import main
from pipelines.forecast_csv import run

WEEK = np.array([1.4, 1.0, 0.9, 1.0, 1.1, 1.2, 0.7])
HOSTILE = [
    "=2+5",
    'quote " and, comma',
    "line\nend",
    "\x1b[31mred",
    "'; DROP TABLE days; --",
    " spaced ",
    "名",
    "x" * 300,
]


def table(names, days, first=date(2023, 12, 1), seed=1):
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(3, 0.7, len(names)))[:, None] * WEEK[np.arange(days) % 7]
    dates = [first + timedelta(days=day) for day in range(days)]
    return pd.DataFrame(
        {"id": np.repeat(names, days), "date": np.tile(dates, len(names)), "y": rng.poisson(level).ravel()}
    )


@pytest.fixture
def call(tmp_path, monkeypatch, capfd):
    """Return a function that calls the command in a folder without a workspace: status, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("COLUMNS", "250")

    def run_command(*arguments):
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["forecast-csv", *map(str, arguments)])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code or 0, said.out, said.err

    return run_command


def test_a_table_with_gaps_hostile_names_and_a_leap_day(call, tmp_path) -> None:
    rows = table(HOSTILE, 110)  # to 2024-03-19, over a leap day
    gone = (rows["id"] == HOSTILE[0]) & rows["date"].between(date(2024, 2, 1), date(2024, 2, 20))
    rows[~gone].sample(frac=1, random_state=1).to_csv(tmp_path / "t.csv", index=False)
    status, out, error = call("t.csv", "--days", 14)
    assert status == 0
    made = pd.read_csv(io.StringIO(out))
    assert sorted(set(made["series"])) == sorted(HOSTILE)
    assert len(made) == 14 * len(HOSTILE)
    assert (made["date"].min(), made["date"].max()) == ("2024-03-20", "2024-04-02")
    assert list(made.columns) == ["series", "date", "mean", "q025", "q10", "q25", "q50", "q75", "q90", "q975", "model"]
    truth = rows.groupby("id")["y"].mean()
    np.testing.assert_allclose(made.groupby("series")["mean"].mean()[truth.index], truth, rtol=0.2)
    assert "8 series forecast for 14 days after 2024-03-19: 112 rows" in error
    assert not (tmp_path / "nowhere").exists()


def test_one_series_to_a_file_with_an_event(call, tmp_path) -> None:
    days = table(["x"], 100).drop(columns="id")
    days.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "e.yaml").write_text(
        "market: mine\nprior_lift: {peak: 3.0}\nevents:\n  - family: fair\n    name: {zh-CN: 集, zh-TW: 集, en: Fair}\n"
        "    years: {2024: {anchor: 2024-03-13, peak: [[2024-03-13, 2024-03-13]]}}\n",
        encoding="utf-8",
    )
    status, out, error = call("t.parquet", "--events", "e.yaml", "--out", "f.parquet", "--whole")
    assert (status, out) == (0, "")
    assert "the table is one series, called 'all'" in error
    made = pd.read_parquet(tmp_path / "f.parquet").set_index("date")["mean"]
    assert len(made) == 28
    assert made[date(2024, 3, 13)] > 2 * made[date(2024, 3, 20)]


def test_a_mistake_ends_with_one_and_says_where(call, tmp_path) -> None:
    rows = table(["a"], 30)
    rows["y"] = rows["y"].astype(str)
    rows.loc[3, "y"] = "-1"
    rows.to_csv(tmp_path / "t.csv", index=False)
    status, out, error = call("t.csv")
    assert (status, out) == (1, "")
    assert "row 4: '-1'" in error
    status, _, error = call("t.csv", "--value", "sales")
    assert status == 1
    assert "there are 'id', 'date', 'y'" in error
    assert call("t.csv", "--days", 99)[0] == 2
    assert call("none.csv")[0] == 1


@pytest.mark.scale
def test_ten_thousand_small_series(tmp_path) -> None:
    names = [f"s{place:05d}" for place in range(10_000)]
    table(names, 200).to_parquet(tmp_path / "t.parquet")
    assert run(tmp_path / "t.parquet", {}, out=tmp_path / "f.parquet") == 280_000
    made = pd.read_parquet(tmp_path / "f.parquet")
    assert made["series"].nunique() == 10_000
    assert np.isfinite(made["mean"]).all()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6 < 4.0  # GB
