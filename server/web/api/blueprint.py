"""Blueprints of the API whose part of the OpenAPI document is made when somebody asks for it, not at every start."""

from collections.abc import Callable
from typing import Any

import flask_openapi3
from flask_openapi3.types import ParametersTuple


class APIBlueprint(flask_openapi3.APIBlueprint):
    """The library would work out hundreds of JSON schemas while it is imported: a third of a server's start."""

    def __init__(self, *args: Any, **how: Any) -> None:
        self._untold: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []
        super().__init__(*args, **how)

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **how: Any) -> ParametersTuple:
        """Called for each route: the models that check its requests now, its description later."""
        self._untold.append((rule, func, how))
        return super()._collect_openapi_info(rule, func, **{**how, "doc_ui": False})

    def describe(self, app: flask_openapi3.OpenAPI) -> None:
        """Write this blueprint's part of the app's document."""
        while self._untold:
            rule, func, how = self._untold.pop(0)
            super()._collect_openapi_info(rule, func, **how)
        for tag in self.tags:
            if tag.name not in app.tag_names:
                app.tags.append(tag)
                app.tag_names.append(tag.name)
        app.paths.update(self.paths)
        app.components_schemas.update(self.components_schemas)
