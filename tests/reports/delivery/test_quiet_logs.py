"""While a message is sent, the libraries speak to nobody but us."""

import logging

import pytest

from reports.delivery.quiet_logs import only_the_status


def test_only_the_status_is_heard(caplog):
    caplog.set_level(logging.DEBUG)
    child = logging.getLogger("apprise.plugins.some")
    with only_the_status() as heard:
        child.warning("Failed to send to https://example.com/secret: error=%s.", 503)
        logging.getLogger("urllib3.connectionpool").error("https://example.com/secret")
    assert heard.status == 503
    assert "secret" not in caplog.text


def test_everything_is_as_before_even_after_an_error(caplog):
    logger = logging.getLogger("apprise")
    before = (logger.level, logger.propagate, logger.handlers[:])
    with pytest.raises(RuntimeError), only_the_status():
        raise RuntimeError
    assert (logger.level, logger.propagate, logger.handlers) == before
    logger.warning("heard again")
    assert "heard again" in caplog.text
