"""The Flask app: blueprints, who may what, errors as problems, headers. A factory; no global app."""

import time
from collections.abc import Iterable
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, g, request
from flask_openapi3 import Info, OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from server.catalogue.sheets import BYTES_MAX
from server.core.refusals import Rejected
from server.log.records import StorageTrouble
from server.web import access
from server.web.api import (
    appointments,
    auth,
    case_links,
    cases,
    catalogue,
    catalogue_lists,
    check_ins,
    devices,
    feed,
    hall,
    health,
    help,
    holders,
    hooks,
    ledger,
    letters,
    links,
    matters,
    orders,
    papers,
    parcels,
    platform,
    ratings,
    reading,
    schemas,
    settle,
    threads,
    tickets,
    tides,
    windows,
)
from server.web.api.blueprint import APIBlueprint
from server.web.faults import told
from server.web.openapi import complete
from server.web.problems import CONTENT_TYPE, Problem, problem
from server.web.site import Site, dumps, site

log = structlog.get_logger()

BODY_MAX_BYTES = 64 * 1024
#: Only these take files instead of JSON; they have a limit of their own, and look into the file before they read it.
UPLOADS = frozenset({"lists.preview", "lists.import"})
UPLOAD_MAX_BYTES = BYTES_MAX
VERSION = "1"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

HEADERS = {
    # No inline script or style anywhere, nothing from elsewhere (D3.6). Boards may hear a voice program on the LAN.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def _send_problem(
    reason: str, fields: dict[str, str | int] | None = None, errors: list[dict[str, Any]] | None = None
) -> Response:
    ready = problem(reason, fields, errors, site().names)
    response = Response(dumps(ready.body), ready.status, content_type=CONTENT_TYPE)
    if ready.status == 503:
        response.headers["Retry-After"] = "2"
    if ready.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _invalid(error: ValidationError) -> Response:
    """A body, path or header that is not as the schema wants it."""
    found = [told(fault) for fault in error.errors()]
    if any(f["loc"] == "Idempotency-Key" for f in found):
        missing = request.headers.get("Idempotency-Key") is None
        return _send_problem("idempotency_key_missing" if missing else "idempotency_key_invalid")
    return _send_problem("invalid_request", errors=found)


def create_app(site: Site, pages: Iterable[Blueprint] = (), config: dict[str, Any] | None = None) -> Flask:
    """The app of one hall. `pages` are blueprints of templates; `config` what they read (languages, pause reasons)."""
    app = OpenAPI(
        "chaoxi",
        info=Info(title="Chaoxi 潮汐", version=VERSION, description="Queue ticketing of a government service hall."),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_callback=_invalid,
        validation_error_status=422,
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX_BYTES
    app.config.update(config or {})
    app.extensions["chaoxi"] = site
    metrics = app.extensions["chaoxi-metrics"] = health.Metrics()
    apis = (
        hall.api,
        tickets.api,
        holders.api,
        help.api,
        links.api,
        case_links.api,
        appointments.api,
        appointments.links,
        check_ins.api,
        windows.api,
        papers.api,
        settle.api,
        reading.zones,
        tides.api,
        reading.boards,
        devices.api,
        reading.stats,
        ratings.api,
        orders.api,
        matters.api,
        cases.api,
        threads.api,
        ledger.api,
        parcels.api,
        auth.api,
        feed.api,
        health.api,
        catalogue.api,
        catalogue_lists.api,
        letters.api,
        hooks.api,
        platform.api,
    )
    for api in apis:
        app.register_api(api)
    pages = list(pages)
    for blueprint in pages:
        app.register_blueprint(blueprint)
    app.config["PAGES"] = frozenset(blueprint.name for blueprint in pages)
    _openapi_route(app, apis)
    _error_handlers(app)

    @app.before_request
    def before() -> Response | None:
        g.began = time.monotonic()
        if request.endpoint in UPLOADS:
            request.max_content_length = UPLOAD_MAX_BYTES
        access.check(site)
        return None if request.endpoint in UPLOADS else _bad_json()

    @app.after_request
    def after(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        # A client may invent any method; each would be a new series for ever (C8).
        method = request.method if request.method in METHODS else "other"
        metrics.requests.labels(method, response.status_code).inc()
        if request.endpoint != "feed.feed" and "began" in g:
            metrics.latency.labels(method).observe(time.monotonic() - g.began)
        return response

    return app


def _bad_json() -> Response | None:
    """A body that is there must be JSON, and an object; the library below would take a broken one for none."""
    if request.method != "POST" or not request.path.startswith("/api/") or not (sent := request.get_data(cache=True)):
        return None
    if request.content_length is None and len(sent) >= BODY_MAX_BYTES:
        # Sent in chunks of no told length: what came beyond the limit was cut off without a word.
        return _send_problem("too_large")
    if not request.is_json:
        return _send_problem("json_wanted")
    try:
        body = request.get_json()
        # Half a surrogate pair is no character: it could neither be kept nor sent back.
        dumps(body).encode()
    except (HTTPException, RecursionError, UnicodeEncodeError):
        return _send_problem("invalid_json")
    if not isinstance(body, dict):
        return _send_problem("invalid_request", errors=[{"loc": "", "msg": "the body is a JSON object"}])
    return None


def _openapi_route(app: OpenAPI, apis: Iterable[APIBlueprint]) -> None:
    kept: dict[str, str] = {}

    @app.route("/api/openapi.json", endpoint="openapi")
    def openapi() -> Response:
        if "document" not in kept:
            for api in apis:
                api.describe(app)
            problem_schema = schemas.Problem.model_json_schema()
            kept["document"] = dumps(complete(app.api_doc, problem_schema, app.url_map))
        return Response(kept["document"], content_type="application/json")


def _error_handlers(app: Flask) -> None:
    @app.errorhandler(Problem)
    def refused(error: Problem) -> Response:
        return _send_problem(error.reason, error.fields, error.errors)

    @app.errorhandler(Rejected)
    def rejected(error: Rejected) -> Response:
        return _send_problem(error.reason.value, error.fields)

    @app.errorhandler(StorageTrouble)
    def storage(error: StorageTrouble) -> Response:
        log.error("storage trouble", error=str(error))
        return _send_problem("storage_trouble")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if isinstance(error.code, int) and 300 <= error.code < 400:
            return Response(error.get_body(), error.code, headers=error.get_headers())
        reason = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.code or 500)
        response = _send_problem(reason or ("invalid_request" if (error.code or 500) < 500 else "internal_error"))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> Response:
        log.error("unexpected error", path=request.path, exc_info=error)
        return _send_problem("internal_error")
