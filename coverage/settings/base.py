"""What every room of settings is made of, and where defaults come from."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

PRACTICE = "engineering practice"
PUBLISHED = "stated by a published source"
CHOICE = "a choice of this program"
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Percent = Annotated[float, Field(gt=0, le=100)]


class Settings(BaseModel):
    """A room of the study: frozen, and without settings that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def setting(default: Any, about: str, origin: str = "", *, example: Any = None) -> Any:
    """Return a setting: its default, what it means, where the default comes from, and an example where it has none."""
    return Field(
        default,
        description=about,
        examples=None if example is None else [example],
        json_schema_extra={"origin": origin} if origin else None,
    )
