"""Requests to programs of others: nothing of this machine's own settings has a say in them, and why one failed in a few
words."""

import os
from contextlib import AbstractContextManager, nullcontext
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3


def plain_session() -> requests.Session:
    """A session without proxy, .netrc and cookies; certificates of a closed network's own authority come by the
    variable REQUESTS_CA_BUNDLE."""
    session = requests.Session()
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


#: What may go wrong between a request and its answer.
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def why(trouble: BaseException) -> str:
    """The system's own error where there is one, else the outermost."""
    cause: BaseException | None = trouble
    found = trouble
    while cause is not None:
        if isinstance(cause, OSError) and not isinstance(cause, requests.RequestException):
            found = cause
        cause = cause.__cause__ or cause.__context__
    if isinstance(found, requests.Timeout | TimeoutError):
        return "no answer in time"
    if isinstance(found, urllib3.exceptions.ProtocolError):
        return "cut off in the middle"
    if isinstance(found, OSError) and found.strerror:
        return found.strerror.lower()
    return f"{type(found).__name__}: {found}"


def no_limit(seconds: float) -> AbstractContextManager[object]:
    """No other limit than those of the socket."""
    return nullcontext()
