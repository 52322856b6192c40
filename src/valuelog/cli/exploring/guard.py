"""Who may look at what is served here: whoever has the link, and nobody else on this machine or beyond.

Others on this machine reach 127.0.0.1 too, and so do pages from elsewhere whose name was made to lead here. Neither
knows the first part of the path. It is no cookie, because browsers show those to every port of a machine.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from hmac import compare_digest
from typing import Any

Scope = MutableMapping[str, Any]
Send = Callable[[Scope], Awaitable[None]]
Receive = Callable[[], Awaitable[Scope]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

ALLOWED_HOSTS = ("127.0.0.1", "localhost")
"""What a browser may call this machine."""

_CSP = (
    b"default-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    b" form-action 'self'; frame-ancestors 'none'"  # Vega makes functions of its own expressions, hence unsafe-eval
)
SECURITY_HEADERS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),  # what was read here does not stay in a browser
    (b"content-security-policy", _CSP),
    (b"referrer-policy", b"no-referrer"),  # the address is the secret
    (b"x-content-type-options", b"nosniff"),
)
"""What every answer says: no page may ask anything of another place, and none stays behind."""

FORBIDDEN_BODY = b"This opens with the link that `valuelog explore` printed, as long as that runs.\n"


class Guard:
    """Lets through what begins with the `secret`, and tells the rest nothing.

    `once` is a way in that works a single time: what a browser is started with can be seen by everybody here.
    """

    def __init__(self, app: AsgiApp, secret: str, one_time_token: str) -> None:
        """Keep both, and what they protect."""
        self._app, self._secret, self._one_time_token = app, secret, one_time_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        first, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not _has_allowed_host(scope):
            await _respond(send, 403, FORBIDDEN_BODY)
        elif self._redeem_one_time_token(first) or (not slash and _tokens_equal(first, self._secret)):
            await _respond(send, 303, b"", (b"location", f"/{self._secret}/".encode()))
        elif not _tokens_equal(first, self._secret):
            await _respond(send, 403, FORBIDDEN_BODY)
        else:
            await self._app(scope, receive, _with_security_headers(send))

    def _redeem_one_time_token(self, token: str) -> bool:
        """Tell whether this is the way in that works once, and close it then."""
        if not self._one_time_token or not _tokens_equal(token, self._one_time_token):
            return False
        self._one_time_token = ""
        return True


def _tokens_equal(token: str, secret: str) -> bool:
    return compare_digest(token.encode(), secret.encode())


def _has_allowed_host(scope: Scope) -> bool:
    """Tell whether a request names this machine."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return host.decode("latin-1").partition(":")[0].lower() in ALLOWED_HOSTS


async def _respond(send: Send, status: int, body: bytes, *headers: Header) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *headers, *SECURITY_HEADERS]})
    await send({"type": "http.response.body", "body": body})


def _with_security_headers(send: Send) -> Send:
    """Return what sends the same answers, with what every answer says."""
    said = {name for name, _ in SECURITY_HEADERS}

    async def sending(message: Scope) -> None:
        if message["type"] == "http.response.start":
            kept = [header for header in message.get("headers", []) if header[0].lower() not in said]
            message = {**message, "headers": [*kept, *SECURITY_HEADERS]}
        await send(message)

    return sending
