"""Settings of a workspace: `<home>/config.yaml` as one frozen, typed object.

Every setting has a default, so that an empty file is a working workspace.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipelines.yaml_file import load_yaml
from reports.delivery.vendors import HostName

Locale = Literal["zh-CN", "zh-TW", "en"]
# What a link in a message may begin with; a mail or a chat would follow any other scheme too.
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@-]*)*", re.ASCII)
# A bucket and a prefix, or nothing; keys and endpoint come from the environment.
S3Address = Annotated[str, Field(pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?)?$")]


@cache
def _time_zones() -> frozenset[str]:
    """Names of all zones; finding them takes a walk over the disk."""
    return frozenset(available_timezones())


class Settings(BaseModel):
    """Base of every settings section: frozen, and a key that nobody reads is a mistake, not a wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ForecastSettings(Settings):
    """How far ahead, and which merchants an analyst wants forecast by Prophet itself."""

    horizon_days: Annotated[int, Field(ge=7, le=56)] = 28
    history_days: Annotated[int, Field(ge=28, le=1100)] = 400
    prophet_merchants: tuple[str, ...] = ()
    prophet_options: dict[str, Any] = Field(default_factory=dict)


class PublishingSettings(Settings):
    """Which pages are made, where links to them begin, and where on object storage they are copied to.

    Pages are always made in the workspace's own folder `published/pages`.
    """

    all_locales: bool = False
    base_url: Annotated[str, Field(max_length=500)] = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    keep_days: Annotated[int, Field(ge=1)] = 30
    copy_to: S3Address = ""

    @field_validator("base_url")
    @classmethod
    def _address_of_the_web(cls, text: str) -> str:
        if text and not WEB_ADDRESS.fullmatch(text):
            raise ValueError(
                "must be the address at which the pages are served, such as https://pages.example.com/gps "
                "(no user name, no ? and no #), or empty for messages without links"
            )
        return text


class DeliverySettings(Settings):
    """How the outbox is emptied, and which receivers may be reached besides the vendors of policy/channels.yaml."""

    max_attempts: Annotated[int, Field(ge=1, le=1000)] = 100
    hosts: tuple[HostName, ...] = ()
    private_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    loopback: bool = False
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    batch: Annotated[int, Field(ge=1)] = 500


class IngestSettings(Settings):
    """When a file is refused whole, and how much is read at once."""

    max_reject_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    min_reject_merchants: Annotated[int, Field(ge=1)] = 5
    batch_rows: Annotated[int, Field(ge=1000)] = 4_000_000


class WorkspaceConfig(Settings):
    """All settings of a workspace."""

    platform_name: str = "Merchant GPS"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    timezone: str = "Asia/Shanghai"
    default_locale: Locale = "zh-CN"
    profile: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = "neutral"
    market: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = "cn"
    lake: S3Address = ""
    start_on: Annotated[date, Field(ge=date(1970, 1, 2), le=date(2199, 12, 31))] = date(2024, 1, 1)
    run_hour: Annotated[int, Field(ge=0, le=23)] = 6
    complete_share: Annotated[float, Field(gt=0, le=1)] = 0.9
    partition_days_ahead: Annotated[int, Field(ge=0, le=3660)] = 366
    buckets: Annotated[int, Field(ge=1, le=64)] = 8
    block_merchants: Annotated[int, Field(ge=1)] = 2500
    forecast: ForecastSettings = ForecastSettings()
    publishing: PublishingSettings = PublishingSettings()
    delivery: DeliverySettings = DeliverySettings()
    ingest: IngestSettings = IngestSettings()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in _time_zones():
            raise ValueError("not an IANA time zone such as Asia/Shanghai")
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The platform's time zone."""
        return ZoneInfo(self.timezone)

    def last_day(self, now: datetime) -> date:
        """Latest day that can be navigated, and whose files are read, by a clock."""
        return now.astimezone(self.zone).date() + timedelta(days=self.partition_days_ahead)


def load_config(path: Path) -> WorkspaceConfig:
    """Read `config.yaml`; a missing file means all defaults."""
    return load_yaml(path, WorkspaceConfig) if path.exists() else WorkspaceConfig()
