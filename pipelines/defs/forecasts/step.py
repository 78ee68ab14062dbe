"""The forecasts of a day: read panels, learn from all merchants, write what each table promises."""

from __future__ import annotations

from models.forecasting.learn import learn
from pipelines.day import Day
from pipelines.defs.forecasts.calendar import event_rows
from pipelines.defs.forecasts.products import product_rows
from pipelines.defs.forecasts.reading import Blocks, Scene, read_scene
from pipelines.defs.forecasts.residuals import PastRows
from pipelines.defs.forecasts.volumes import VolumeRows


def forecasts(day: Day) -> dict[str, int]:
    """Write every table of the forecasts for a day.

    Returns
    -------
    dict
        Rows written per table.
    """
    scene = read_scene(day)
    written = {"event_calendar": day.write("event_calendar", event_rows(day, scene.events))}
    written |= _volumes(scene)  # panels and what was learned from them are given back before products are read
    written["sku_forecast"] = day.write("sku_forecast", product_rows(scene))
    return written


def _volumes(scene: Scene) -> dict[str, int]:
    day, blocks, written = scene.day, Blocks(scene), dict[str, int]()
    learned = learn(blocks, scene.setting, scene.measures)
    past = PastRows(scene, blocks, learned)
    written["forecast_residuals"] = day.write("forecast_residuals", past)
    volumes = VolumeRows(scene, blocks, learned, past.weights)
    written["volume_forecast"] = day.write("volume_forecast", volumes)
    written["volume_forecast_sum"] = day.write("volume_forecast_sum", volumes.sums)
    written["forecast_weights"] = day.write("forecast_weights", past.weights.rows(day.as_of, learned))
    written["forecast_quality"] = day.write("forecast_quality", past.quality_rows())
    return written
