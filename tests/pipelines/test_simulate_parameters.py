from pathlib import Path

import pytest

from pipelines.simulate_parameters import NOISES, load_parameters, named_file
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path)


@pytest.fixture
def differences(tmp_path):
    """A function that writes a file of differences."""

    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return path

    return write


def test_only_what_is_named_differs(workspace, differences):
    shipped = load_parameters(workspace)
    path = differences("world:\n  orders_median: 3.0\nfulfilment:\n  late_dispatch: {mean: 0.5}\n")
    changed = load_parameters(workspace, path)
    assert changed.world.orders_median == 3.0
    assert changed.world.model_copy(update={"orders_median": shipped.world.orders_median}) == shipped.world
    assert changed.fulfilment.late_dispatch.mean == 0.5
    assert changed.fulfilment.late_dispatch.family == "chronic_late_dispatch"
    assert changed.demand == shipped.demand


@pytest.mark.parametrize("noise", NOISES)
def test_the_noise_asked_for_is_the_noise_of_the_platform(workspace, noise):
    made = load_parameters(workspace, noise=noise)
    assert made.demand.noise.family == noise
    assert made.demand.dispersion == load_parameters(workspace).demand.dispersion


def test_an_unknown_noise_is_answered_with_the_known_ones(workspace):
    with pytest.raises(
        ValueError, match="'pink'; known: negative_binomial, zero_inflated, autocorrelated, heavy_tailed"
    ):
        load_parameters(workspace, noise="pink")


def test_a_mistake_is_told_by_line_of_the_file_of_differences(workspace, differences):
    with pytest.raises(PolicyFileError, match=r"mine.yaml:2: .*orders_median"):
        load_parameters(workspace, differences("world:\n  orders_median: many\n"))
    with pytest.raises(PolicyFileError, match=r"mine.yaml:1: .*wrold"):
        load_parameters(workspace, differences("wrold: {}\n"))


def test_an_empty_file_changes_nothing(workspace, differences):
    assert load_parameters(workspace, differences("")) == load_parameters(workspace)


def test_words_are_no_platform(workspace):
    known = "chain_stores, moving_platform, small_sellers"
    with pytest.raises(FileNotFoundError, match=rf"simulation_huge.yaml; known names: {known}$"):
        named_file(workspace, Path("huge"), "simulation")


def test_small_sellers_are_small(workspace):
    assert load_parameters(workspace, Path("small_sellers")).world.orders_median < 0.2
