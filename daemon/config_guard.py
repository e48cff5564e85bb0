"""Sections about further proof of a sender, and about what must not be passed on."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from daemon.config_base import FilePath, Seconds, Section

Role = Literal["unit", "officer", "head"]


class SmimeSettings(Section):
    """Who must sign (RFC 8551) for an act by mail, besides all else that is asked of it; nobody by default."""

    ca_file: FilePath | None = None
    required: tuple[Role, ...] = ()

    @field_validator("ca_file", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def _an_authority_to_believe(self) -> Self:
        if self.required and self.ca_file is None:
            raise ValueError("signatures are required, but no ca_file says whose certificates count")
        return self


class ScanSettings(Section):
    """clamd, by its socket or its TCP port on this machine (the line is plain); neither = no scanner is asked."""

    socket: FilePath | None = None
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    timeout_seconds: Seconds = 30

    @field_validator("socket", mode="before")
    @classmethod
    def _none_when_empty(cls, value: Any) -> Any:
        return None if value == "" else value

    @property
    def is_on(self) -> bool:
        """True when a scanner is asked, and its silence keeps files back."""
        return self.socket is not None or self.port > 0
