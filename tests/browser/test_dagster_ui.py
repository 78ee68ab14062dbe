"""The web server of Dagster starts on a workspace, and an analyst sees the asset graph in a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from pipelines.init import make_workspace
from pipelines.instance import prepare_environment
from pipelines.workspace import Workspace

pytestmark = pytest.mark.browser
PATIENCE = 120


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("ui") / "workspace"
    make_workspace(home, "neutral")
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
            patch.setenv(name, "")
        environment = {**os.environ, **prepare_environment(Workspace.at(home))}
    command = [
        sys.executable,
        "-m",
        "dagster_webserver",
        "-m",
        "pipelines.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield wait_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address, server):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the web server ended"
        try:
            urllib.request.urlopen(f"{address}/server_info", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
        else:
            return address
    raise AssertionError(f"no answer from {address} within {PATIENCE} s")


def test_the_asset_graph_is_seen(address, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{address}/asset-groups/", wait_until="domcontentloaded")
    for group in ("feeds", "marts", "forecasts", "risk", "navigation", "publishing", "alerting"):
        page.get_by_text(group, exact=True).first.wait_for(timeout=PATIENCE * 1000)
    page.close()


def test_an_asset_says_its_columns(address, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{address}/assets/metric_signals?view=overview", wait_until="domcontentloaded")
    page.get_by_text("probability_over_limit").first.wait_for(timeout=PATIENCE * 1000)
    page.close()
