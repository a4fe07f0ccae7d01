"""What every body, path, query and answer of the API derives from."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """What checks it is made at its first use: a start would make some 270 of them, and few are asked for at once."""

    model_config = ConfigDict(defer_build=True)
