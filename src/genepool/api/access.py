"""Who may ask for what: a key in a header, or the session of a browser that was opened with one."""

import hmac
import time
from collections.abc import Callable
from typing import Annotated, TypeAlias
from urllib.parse import quote

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from genepool.api.sessions import COOKIE, csrf_token, key_of_session
from genepool.api_keys import ApiKey, Scope
from genepool.ports import KeyRing

CSRF_HEADER = "X-CSRF-Token"
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
_ANOTHER_PAGE = "this was asked by another page than ours: reload the page and try again, or use a key"
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="A key of `genepool keys create`.")
_SESSION = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="session", description="The session of a browser."
)
# A route asks for it with ``Depends``: it answers the key, or refuses.
Needs: TypeAlias = Callable[..., ApiKey]


class Gate:
    """Lets requests in by their keys.

    Parameters
    ----------
    ring
        The keys.
    now
        Tells the time, in unix seconds.
    """

    def __init__(self, ring: KeyRing, now: Callable[[], float] = time.time) -> None:
        self.ring = ring
        self.now = now
        self.reads = self._needs("read")
        self.runs = self._needs("run")
        self.administers = self._needs("admin")
        self.page_reads = self._page_needs("read")
        self.page_runs = self._page_needs("run")
        self.page_administers = self._page_needs("admin")

    def session(self, request: Request) -> ApiKey | None:
        """Return the key of a browser's session, None without one."""
        cookie = request.cookies.get(COOKIE, "")
        return key_of_session(cookie, self.ring, self.now()) if cookie else None

    def _needs(self, scope: Scope) -> Needs:
        def needed(
            request: Request,
            bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
            _cookie: Annotated[str | None, Security(_SESSION)] = None,
        ) -> ApiKey:
            key = self._of_header(bearer.credentials) if bearer else self._of_session(request)
            _refuse_narrow(key, scope)
            return key

        return needed

    def _page_needs(self, scope: Scope) -> Needs:
        def needed(request: Request) -> ApiKey:
            key = self.session(request)
            if key is None:
                raise HTTPException(*_to_login(request))
            if request.method not in _LOOKING:
                _refuse_strangers(request)
            _refuse_narrow(key, scope)
            return key

        return needed

    def _of_header(self, credentials: str) -> ApiKey:
        key = self.ring.find(credentials)
        if key is None or key.revoked_at is not None:
            said = "is not known here" if key is None else f"was revoked on {str(key.revoked_at)[:10]}"
            raise HTTPException(401, f"the key {said}: make one with `genepool keys create`", _CHALLENGE)
        return key

    def _of_session(self, request: Request) -> ApiKey:
        key = self.session(request)
        if key is None:
            raise HTTPException(
                401, "give a key of `genepool keys create`: Authorization: Bearer KEY", _CHALLENGE
            )
        if request.method not in _LOOKING:
            _refuse_strangers(request)
        return key


def _refuse_narrow(key: ApiKey, scope: Scope) -> None:
    if not key.allows(scope):
        raise HTTPException(
            403, f"key {key.id} has the scope {key.scope}, and this takes {scope}: use another key"
        )


def _to_login(request: Request) -> tuple[int, str, dict[str, str]]:
    """Return what sends a browser to the page of logging in, whether it asks for a page or a part of one."""
    if request.headers.get("hx-request"):
        return 401, "the session has ended: log in again", {"HX-Redirect": "/login"}
    if request.method not in _LOOKING:
        return 303, "log in first", {"Location": "/login"}
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return 303, "log in first", {"Location": f"/login?to={quote(asked, safe='/')}"}


def _refuse_strangers(request: Request) -> None:
    """Refuse what another site's page has a logged-in browser do."""
    refuse_other_origins(request)
    expected = csrf_token(request.cookies.get(COOKIE, ""))
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403, _ANOTHER_PAGE)


def refuse_other_origins(request: Request) -> None:
    """Refuse what a browser says that another site's page asks for.

    Raises
    ------
    HTTPException
        403.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host", ""):
        raise HTTPException(403, _ANOTHER_PAGE)
