"""What schemathesis cannot know: a new key for each request, and the names of things that exist.

Loaded by `schemathesis run` through SCHEMATHESIS_HOOKS; the names come in CHAOXI_PLACES.
"""

import itertools
import json
import os
import re
from typing import Any

import schemathesis

PLACES: dict[str, list[str]] = json.loads(os.environ["CHAOXI_PLACES"])
USABLE = re.compile("[!-~]{8,128}")
TURNS = itertools.count()


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """How a key looks is one rule for all calls: one call of each kind tries it in every way, the others send a good one."""
    tried: set[str] = set()
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            parameters = operation.get("parameters", [])
            tag = operation["tags"][0]
            if any(p["in"] == "header" for p in parameters) and tag in tried:
                operation["parameters"] = [p for p in parameters if p["in"] != "header"]
            elif any(p["in"] == "header" for p in parameters):
                tried.add(tag)


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Two of three requests go to something that exists, the third to whatever was generated."""
    turn = next(TURNS)
    if path_parameters and turn % 3:
        return {
            name: PLACES[name][turn % len(PLACES[name])] if name in PLACES else value
            for name, value in path_parameters.items()
        }
    return path_parameters


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A usable key is replaced by one of its own; an unusable one stays, to be refused."""
    key = f"schemathesis-{os.getpid()}-{next(TURNS)}"
    headers = case.headers
    if not any(p.name == "Idempotency-Key" for p in case.operation.headers):
        headers["Idempotency-Key"] = key
    for name in list(headers or ()):
        if name.lower() == "idempotency-key" and USABLE.fullmatch(str(headers[name])):
            headers[name] = key
