"""What every state of this domain shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """A frozen value; a field that an older or newer version wrote is no fault."""

    model_config = ConfigDict(frozen=True, extra="ignore")
