"""Headers that every page carries, and the sign-in that needs no sign-in."""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.log import log_response

from playground import passwords
from playground.payload.edit.reading import UnableToReadPayload
from playground.services import people
from playground.services.launches import trials
from playground.services.ledger.send_once import SentElsewhere
from playground.services.permissions import NotAllowed
from playground.services.row_sets.errors import NoSuchRowSet
from playground.services.sign_in import TooManyGuesses
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.web import form_bounds, fragments, uploads
from playground.web.form_pages import page_address
from playground.web.trial_scope import TRIAL_AREA, trial_area

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)

_POLICIES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _POLICIES),
    "X-Permitted-Cross-Domain-Policies": "none",
}

_TITLES = {
    401: "The upstream does not accept the key",
    403: "The upstream denies access",
    404: "Not found upstream",
    408: "The upstream gave up waiting",
    429: "The upstream is at its limit",
    503: "The upstream is not available",
    504: "The upstream did not answer in time",
}
_FROM_ELSEWHERE = (
    "This playground is open to its own machine only. To let others in, start it with "
    "PLAYGROUND_SIGN_IN=password: then everybody signs in."
)
_THROUGH_A_PROXY = (
    "This playground lets everybody in without a password, so it answers only what comes straight "
    "from its own machine, and this came through a proxy (it carries the header {header}). Open "
    "the address that the playground printed when it started, or start it with "
    "PLAYGROUND_SIGN_IN=password to put a proxy in front of it."
)
_LONGEST_NAME = 60
# Words in the names of headers that proxies, tunnels, load balancers and content networks add to
# what they pass on. No browser and no command line sends a header with one of them by itself.
_WORD_OF_PROXIES = re.compile(
    r"\b(akamai|appengine|arr|authelia|authenticated|authentik|azure|caddy|cdn|cf|clientip"
    r"|cloudfront|cluster|connecting|eagleid|envoy|fastly|fly|forward|forwarded|forwarding|forwards"
    r"|gateway|haproxy|iap|imforwards|incap|kong|nf|nginx|ngrok|original|originating|pomerium"
    r"|principal|proxied|proxy|proxyuser|railway|real|remote|replit|rewrite|rndr|squid|sucuri"
    r"|surrogate|tailscale|traefik|amzn|varnish|vercel|via)\b"
    r"|^(x-|true-)?client-(ip|cert)$|^front-end-https$|^x-(host|port|scheme|url-scheme|source-ip)$"
    r"|^(x-)?ssl-client|^x-auth-request-|^x-cloud-trace|^x-(request|queue)-start$|^x-tunnel"
)


class SecurityHeadersMiddleware:
    """Isolation headers everywhere; pages with people's data are never stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class TrialMiddleware:
    """The whole site once more below `/trial/`, talking to the sandbox instead of the upstream.

    Addresses made while answering stay below it, as for a site that a server mounts there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"{TRIAL_AREA}/") or not trials.is_sandbox_apart():
            return self.get_response(request)
        request.path_info = request.path_info.removeprefix(TRIAL_AREA)
        with trial_area():
            return self.get_response(request)


class CaughtUpMiddleware:
    """Before a page reads what this process knows of the upstream, it learns what other processes
    made stale. After the sign-in: who is sent there reads nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,  # noqa: ARG002  # Django's signature.
        view: Callable[..., HttpResponse],
        *_: object,
    ) -> None:
        if getattr(view, "login_required", True):
            invalidation.catch_up()


class LocalDoorMiddleware:
    """With `PLAYGROUND_SIGN_IN=local` only this machine may come, and not through a proxy: behind
    one everybody comes from this machine. That holds for the sandbox's API as well."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SIGN_IN != "local":
            return self.get_response(request)
        if not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            return _closed(request, _FROM_ELSEWHERE)
        if forwarding := forwarding_header(request.META):
            return _closed(request, _THROUGH_A_PROXY.format(header=forwarding))
        return self.get_response(request)


class LocalSignInMiddleware:
    """With `PLAYGROUND_SIGN_IN=local` everybody is the user *local*; see `LocalDoorMiddleware`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SIGN_IN == "local" and not request.path_info.startswith("/sandbox/"):
            request.user = people.get_local_user()
        return self.get_response(request)


class RefusalMiddleware:
    """Expected refusals of the services become pages that say what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # A form's address, opened as a page: reloading after a refused form does that.
            sentence = "This address only takes a form. Go back to the page that has it."
            page = _refusal(request, "Nothing to see here", sentence, 405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        if response.status_code == 502:
            _tell_no_error(response)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        """Before a page repeats what is too much. The sandbox's API judges its own requests."""
        if request.path_info.startswith("/sandbox/"):
            return None
        # What is pasted to find its workflow is as long as a launch may be.
        is_launch = "workflow_uid" in kwargs or uploads.takes_rows(request)
        sentence = form_bounds.find_excess(request, is_launch=is_launch)
        return _refusal(request, "This is too much", sentence, 413) if sentence else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, UnableToReachUpstream):
            title = upstream_title(error.status)
            if error.is_missing:
                return _refusal(request, title, error.sentence, 404)
            if error.retry_after is not None:
                return _come_again(
                    request, "The upstream is slow", error.sentence, error.retry_after
                )
            page = _refusal(request, title, error.sentence, 502, may_retry=True)
            _tell_no_error(page)
            return page
        if isinstance(error, UnableToReadPayload):
            return _refusal(request, "This payload cannot be read", error.sentence, 400)
        if isinstance(error, TooManyGuesses):
            title = "Too many wrong passwords"
            return _come_again(request, title, error.sentence, error.seconds, status=429)
        if isinstance(error, passwords.TooManyPasswords):
            sentence = "Many sign in at this moment, so this was not looked at. Try again."
            seconds = passwords.COME_AGAIN_AFTER
            return _come_again(request, "Try again in a moment", sentence, seconds)
        if isinstance(error, SentElsewhere):
            return _refusal(request, "Sent to another upstream", error.sentence, 409)
        if isinstance(error, NoSuchRowSet):
            return _refusal(request, "No such rows", error.sentence, 404)
        if isinstance(error, NotAllowed):
            return _refusal(request, "Not allowed", str(error), 403)
        return None


def upstream_title(status: int | None) -> str:
    """What came of a call that gave nothing to show, by the status of its answer, if it had one."""
    if status is None:
        return "The upstream gave no answer"
    if status in _TITLES:
        return _TITLES[status]
    if status >= 500:
        return "The upstream failed"
    return "The upstream refused this" if status >= 400 else "This is no answer of the API"


def forwarding_header(environ: Mapping[str, object]) -> str:
    """The name of a header that only a proxy adds, as it is usually written; empty without one."""
    for key in environ:
        name = key.removeprefix("HTTP_").replace("_", "-").lower()
        if key.startswith("HTTP_") and _WORD_OF_PROXIES.search(name):
            return name.title()[:_LONGEST_NAME]
    return ""


def _closed(request: HttpRequest, sentence: str) -> HttpResponse:
    """The API of the sandbox answers as an API does."""
    if request.path_info.removeprefix(TRIAL_AREA).startswith("/sandbox/"):
        return JsonResponse({"message": sentence}, status=403)
    return _refusal(request, "Not open to others", sentence, 403)


def _refusal(
    request: HttpRequest, title: str, sentence: str, status: int, *, may_retry: bool = False
) -> HttpResponse:
    if fragments.is_fragment(request):
        return fragments.refuse(sentence, 503 if status == 502 else status)
    context = {"title": title, "sentence": sentence, "may_retry": may_retry}
    address = page_address(request.path)
    if address != request.path:
        context["page_address"] = address
    return render(request, "refusal.html", context, status=status)


def _come_again(
    request: HttpRequest, title: str, sentence: str, seconds: int, status: int = 503
) -> HttpResponse:
    """What could not be done now, and can be in so many seconds."""
    page = _refusal(request, title, sentence, status, may_retry=True)
    page.headers["Retry-After"] = str(seconds)
    # Not an error of ours, and with many who wait one of many: one quiet line.
    log_response(
        "%s %s: to come again in %s s (%s)",
        request.method,
        request.path,
        seconds,
        title,
        response=page,
        request=request,
        logger=logger,
        level="info",
    )
    return page


def _tell_no_error(response: HttpResponse) -> None:
    """It is the upstream that fails: the call has its line in the log, and the page says so."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  # As Django marks it.


def _is_loopback(address: str) -> bool:
    if not address:
        return True  # A Unix socket has no address; who may open it is the file's business.
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
