"""Requests of the libraries below us, made in our way, and what the receiver answered.

The idea: plugins of Apprise call `requests` and keep the answer to themselves, so while a message is sent their module
sees a stand-in for `requests`. It follows no redirect, always checks certificates and host, and remembers what matters:
the status, how long to wait, a refusal inside of an answer that looks good, and what went wrong on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from reports.delivery.egress import Egress, EgressRefusedError

LONGEST_WAIT_SECONDS = 24 * 3600.0
CERTIFICATE = "the receiver's certificate was not accepted (TLS)"
UNREACHED = "the receiver could not be reached"


@dataclass
class Heard:
    """What was heard of the receiver during one message."""

    now: datetime
    status: int | None = None
    retry_after_seconds: float | None = None
    code: int | str | None = None
    trouble: str | None = None
    guard: str | None = None

    def answer(self, status: int, retry_after: str | None, body: Any = None, error_field: str | None = None) -> None:
        """Take an answer down."""
        self.status = status
        if status >= 400 and retry_after:
            self.retry_after_seconds = wait_seconds(retry_after, self.now)
        if error_field and isinstance(body, dict) and body.get(error_field) not in (0, None, "0"):
            self.code = str(body[error_field])[:40]

    @property
    def refused(self) -> str | None:
        """Why the message has not arrived, in words of our own; None where nothing speaks against it."""
        if self.trouble:
            return self.trouble
        if self.status is not None and self.status >= 300:
            return f"the receiver answered {self.status}"
        return f"the receiver answered {self.status} with error code {self.code}" if self.code is not None else None


def wait_seconds(value: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for (RFC 9110: seconds or a date), between 0 and a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def trouble_of(error: BaseException, timeout_seconds: float) -> str:
    """What went wrong on the way, without the words of the library, which may quote the address."""
    if isinstance(error, requests.exceptions.SSLError):
        return CERTIFICATE
    if isinstance(error, requests.exceptions.Timeout):
        return f"the receiver was silent for {timeout_seconds:g} s"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy refused"
    if isinstance(error, requests.exceptions.ConnectionError):
        return UNREACHED
    return f"the request could not be made ({type(error).__name__})"


class Requests:
    """Stands in for the module `requests`."""

    def __init__(self, heard: Heard, egress: Egress, timeout_seconds: float, error_field: str | None = None) -> None:
        self._heard, self._egress, self._timeout, self._error_field = heard, egress, timeout_seconds, error_field

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Ask, and take the answer down."""
        if reason := self._egress.refuses_url(url):
            self._heard.guard = reason
            raise requests.exceptions.ConnectionError(EgressRefusedError(reason))
        if options.get("verify") is False:
            options["verify"] = True
        options["allow_redirects"] = False
        options["timeout"] = (self._timeout, self._timeout)
        try:
            response = requests.request(method, url, **options)  # noqa: S113 - given just above
        except requests.RequestException as error:
            self._heard.trouble = trouble_of(error, self._timeout)
            raise
        body = _json(response) if self._error_field else None
        self._heard.answer(response.status_code, response.headers.get("Retry-After"), body, self._error_field)
        return response

    def post(self, url: str, data: Any = None, json: Any = None, **options: Any) -> requests.Response:
        """Ask with POST."""
        return self.request("POST", url, data=data, json=json, **options)

    def get(self, url: str, params: Any = None, **options: Any) -> requests.Response:
        """Ask with GET."""
        return self.request("GET", url, params=params, **options)

    def put(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        """Ask with PUT."""
        return self.request("PUT", url, data=data, **options)

    def patch(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        """Ask with PATCH."""
        return self.request("PATCH", url, data=data, **options)

    def delete(self, url: str, **options: Any) -> requests.Response:
        """Ask with DELETE."""
        return self.request("DELETE", url, **options)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


@contextmanager
def heard_by(plugin: Any, stand_in: Requests) -> Iterator[None]:
    """Let the module of a plugin see the stand-in instead of `requests`, where it uses it at all."""
    module = sys.modules[type(plugin).__module__]
    if getattr(module, "requests", None) is not requests:
        yield
        return
    module.requests = stand_in  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.requests = requests  # type: ignore[attr-defined]
