"""What is known of channels (`policy/channels.yaml`), as typed, frozen objects: hosts, limits, ways to refuse."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reports.messages.fit import Unit

PagerDutySeverity = Literal["critical", "error", "warning", "info"]
HostName = Annotated[str, Field(pattern=r"^\.?[A-Za-z0-9_][A-Za-z0-9_.:-]*$")]
Network = IPv4Network | IPv6Network


class VendorBase(BaseModel):
    """Frozen, and an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChatLimit(VendorBase):
    """How much text a chat takes, and which field of a good answer tells of a refusal."""

    most: Annotated[int, Field(ge=200)]
    unit: Unit
    error_field: str | None = None


class Vendors(VendorBase):
    """`policy/channels.yaml`."""

    hosts: tuple[HostName, ...] = ()
    never: tuple[Network, ...] = ()
    chats: dict[str, ChatLimit] = {}
    other_chats: ChatLimit = ChatLimit(most=2000, unit="bytes")
    pagerduty_severities: dict[str, PagerDutySeverity] = {}

    def chat(self, schema: str) -> ChatLimit:
        """Limits of a channel by the scheme of its address, such as `dingtalk`."""
        return self.chats.get(schema.lower(), self.other_chats)
