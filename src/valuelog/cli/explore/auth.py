"""Access control for `explore`: only requests that carry the secret of the printed link are answered.

Other users of this machine can reach 127.0.0.1, and so can web pages through DNS rebinding; neither knows the first
segment of the path. It is not a cookie, because browsers send cookies to every port of a host.
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
"""The names of this machine in a Host header."""

_CSP = (
    b"default-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    b" form-action 'self'; frame-ancestors 'none'"  # Vega compiles its expressions, hence unsafe-eval
)
SECURITY_HEADERS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),  # keep the journal out of the browser's cache
    (b"content-security-policy", _CSP),
    (b"referrer-policy", b"no-referrer"),  # the URL is the secret
    (b"x-content-type-options", b"nosniff"),
)
"""Headers of every response: no page loads anything from elsewhere, and no page is cached."""

FORBIDDEN_BODY = b"Open this with the link that `valuelog explore` printed, while it is running.\n"


class Guard:
    """ASGI middleware that requires the secret as the first path segment, and answers 403 without it."""

    def __init__(self, app: AsgiApp, secret: str, on_entry: Callable[[], object]) -> None:
        """Protect an app; `on_entry` is called when the first request with the secret arrives."""
        self._app, self._secret, self._on_entry = app, secret, on_entry
        self._was_entered = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        token, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not (_has_allowed_host(scope) and _tokens_equal(token, self._secret)):
            await _respond(send, 403, FORBIDDEN_BODY)
            return
        self._note_entry()
        if slash:
            await self._app(scope, receive, _with_security_headers(send))
        else:
            await _respond(send, 303, b"", (b"location", f"/{self._secret}/".encode()))

    def _note_entry(self) -> None:
        if not self._was_entered:
            self._was_entered = True
            self._on_entry()


def _tokens_equal(token: str, secret: str) -> bool:
    return compare_digest(token.encode(), secret.encode())


def _has_allowed_host(scope: Scope) -> bool:
    """Return True if the Host header names this machine, which it does not after DNS rebinding."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return host.decode("latin-1").partition(":")[0].lower() in ALLOWED_HOSTS


async def _respond(send: Send, status: int, body: bytes, *headers: Header) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *headers, *SECURITY_HEADERS]})
    await send({"type": "http.response.body", "body": body})


def _with_security_headers(send: Send) -> Send:
    """Wrap `send` so that every response has our headers instead of the app's."""
    replaced = {name for name, _ in SECURITY_HEADERS}

    async def send_with_headers(message: Scope) -> None:
        if message["type"] == "http.response.start":
            others = [header for header in message.get("headers", []) if header[0].lower() not in replaced]
            message = {**message, "headers": [*others, *SECURITY_HEADERS]}
        await send(message)

    return send_with_headers
