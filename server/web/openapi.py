"""The OpenAPI document, completed: problem answers on every call, optional bodies, the feed's media type."""

import re
from typing import Any

from werkzeug.routing import Map

from server.web.access import ACCESS
from server.web.problems import CONTENT_TYPE

PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}

#: What any call may answer beside its own; POSTs more.
ERRORS = {
    "400": "Malformed request",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Nothing here by that name",
    "422": "Not as the API wants it",
    "500": "A fault of the server",
    "503": "Storage in trouble; nothing was changed",
}
POST_ERRORS = {"409": "Refused in the present state; `reason` says why", "413": "Body too large", "415": "JSON wanted"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OTHER_MEDIA = {
    "/api/v1/feed": "text/event-stream",
    "/api/v1/stats/today.csv": "text/csv",
    "/api/v1/catalogue/export": f"{XLSX} text/csv",
    "/api/v1/catalogue/template": f"{XLSX} text/csv",
    "/api/v1/stats/ratings.csv": "text/csv",
    "/api/v1/matters/export": f"{XLSX} text/csv",
    "/api/v1/settlements/{settlement}/papers/{kind}.pdf": "application/pdf",
    "/api/v1/threads/{ticket}.xlsx": XLSX,
    "/metrics": "text/plain",
}
#: What gives a file instead of JSON where `format` asks for one.
FILES_TOO = {
    "/api/v1/threads/{ticket}": XLSX,
    "/api/v1/ledger": f"{XLSX} text/csv",
    "/api/v1/stats/acceptance": XLSX,
}
#: What takes a file as its body.
UPLOADS = {"/api/v1/catalogue/preview", "/api/v1/catalogue/import"}
#: An empty file, or none, is a finding of the preview like any other.
UPLOAD_BODY = {
    "required": False,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def complete(document: dict[str, Any], problem_schema: dict[str, Any], url_map: Map) -> dict[str, Any]:
    """Fill in what the library cannot know: problems, media, and from the table of access who must sign in."""
    endpoints = _endpoints(url_map)
    document["components"]["schemas"]["Problem"] = problem_schema
    document["components"]["schemas"].pop("ValidationErrorModel", None)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            errors = ERRORS | (POST_ERRORS if method == "post" else {})
            for status, words in errors.items():
                responses[status] = {"description": words, "content": {CONTENT_TYPE: PROBLEM}}
            if path in OTHER_MEDIA:
                media = {each: {"schema": {"type": "string"}} for each in OTHER_MEDIA[path].split()}
                responses["200"] = {"description": "OK", "content": media}
            for media_type in FILES_TOO.get(path, "").split():
                responses["200"]["content"][media_type] = {"schema": {"type": "string"}}
            if path in UPLOADS:
                operation["requestBody"] = UPLOAD_BODY
            _optional_body(document, operation)
            operation["operationId"] = endpoint = endpoints[path, method]
            operation["security"] = [] if ACCESS.get(endpoint) is None else [{"bearer": []}]
    return document


def _endpoints(url_map: Map) -> dict[tuple[str, str], str]:
    """Path as the document writes it and method → the endpoint, by which the table of access names a call."""
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in url_map.iter_rules()
        for method in rule.methods or ()
    }


def _optional_body(document: dict[str, Any], operation: dict[str, Any]) -> None:
    """A body without a required field may be left out."""
    body = operation.get("requestBody")
    if body is None or "application/json" not in body["content"]:
        return
    reference = body["content"]["application/json"]["schema"].get("$ref", "")
    schema = document["components"]["schemas"].get(reference.rsplit("/", 1)[-1], {})
    body["required"] = bool(schema.get("required") or schema.get("oneOf"))
