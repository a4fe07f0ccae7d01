"""Reads a hall file: YAML, then shape, then the rules between its sections, with every finding at its line."""

from pathlib import Path

from pydantic import ValidationError

from config.findings import Finding, HallFileError, sentence
from config.schema import HallFile
from config.yaml_source import read_yaml

__all__ = ["HallFileError", "load_hall"]


def load_hall(path: Path) -> HallFile:
    """Read a hall file, or raise `HallFileError` with everything that is wrong with it."""
    source = read_yaml(path.read_text(encoding="utf-8"))
    if source.flaws:
        raise HallFileError(
            [Finding(path.name, flaw.place.line, flaw.place.column, flaw.problem, flaw.mend) for flaw in source.flaws]
        )
    try:
        return HallFile.model_validate(source.data)
    except ValidationError as trouble:
        raise HallFileError(
            [
                Finding(
                    path.name,
                    (place := source.place(tuple(error["loc"]))).line,
                    place.column,
                    sentence("{detail}", detail=error["msg"]),
                    sentence("{detail}", detail=error["loc"]),
                )
                for error in trouble.errors()
            ]
        ) from None
