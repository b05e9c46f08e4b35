"""What a browser would send: the fields of a playground page's form, with its cookies."""

import gzip
import http.client
import http.cookies
import re
import urllib.parse
from html.parser import HTMLParser

from tests.benchmarks.load import Request

CSRF_COOKIE = "playground-csrf-"


class Visitor:
    """Keeps cookies, as a browser does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """The page, redirects followed."""
        return self._page(self.view(path))

    def send(self, path: str, fields: list[tuple[str, str]]) -> str:
        """The page that comes of posting a form."""
        return self._page(self.post(path, fields, is_part=False))

    def _page(self, request: Request) -> str:
        path = request.path
        for _ in range(5):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            line.request(request.method, path, body=request.body, headers=dict(request.headers))
            answer = line.getresponse()
            body = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            for value in answer.headers.get_all("Set-Cookie", []):
                found = http.cookies.SimpleCookie(value)
                self.cookies |= {name: morsel.value for name, morsel in found.items()}
            line.close()
            if answer.status not in (301, 302, 303):
                if answer.status != 200:
                    raise RuntimeError(f"{request.method} {path} answered {answer.status}")
                return body.decode()
            path = urllib.parse.urljoin(path, answer.headers["Location"])
            request = self.view(path)
        raise RuntimeError(f"GET {path} goes in circles")

    def workflows(self) -> list[str]:
        """The uids on the workflow list, in order."""
        return list(dict.fromkeys(re.findall(r'"/workflows/([0-9a-f-]{36})/', self.get("/"))))

    def post(self, path: str, fields: list[tuple[str, str]], *, is_part: bool = True) -> Request:
        """Parts of pages are asked for by htmx, pages by the browser."""
        body = urllib.parse.urlencode(fields).encode()
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        if is_part:
            headers["HX-Request"] = "true"
        return Request(method="POST", path=path, headers=headers, body=body)

    def view(self, path: str) -> Request:
        return Request(method="GET", path=path, headers=self._headers())

    def largest_workflow(self) -> str:
        """The uid of the workflow whose page shows the most steps."""
        steps = {uid: self.get(f"/workflows/{uid}/").count("steps-") for uid in self.workflows()}
        return max(steps, key=lambda uid: steps[uid])

    def preview(self, uid: str, *, rows: int = 1, path: str = "") -> Request:
        """The preview of the workflow's form as it first stands, but with so many filled rows.

        With a `path` the same fields go there.
        """
        fields = self.form(uid, rows=rows)
        return self.post(path or f"/workflows/{uid}/launch/preview/", fields)

    def form(
        self, uid: str, *, rows: int = 1, text: str = "acme", has_accounts: bool = False
    ) -> list[tuple[str, str]]:
        """The fields of a new form, rows filled in; the first account of each step, if wanted."""
        parser = _Fields()
        parser.feed(self.get(f"/workflows/{uid}/"))
        if not parser.fields:
            raise RuntimeError(f"the page of workflow {uid} has no form #launch-form")
        first = [name for name, _ in parser.fields if name.startswith("inputs-0-")]
        others = [pair for pair in parser.fields if not pair[0].startswith("inputs-")]
        cells = [
            (name.replace("inputs-0-", f"inputs-{row}-", 1), f"https://{text}-{row}.example")
            for row in range(rows)
            for name in first
        ]
        accounts = list(parser.accounts.items()) if has_accounts else []
        return [*others, *cells, *accounts]

    def _csrf_token(self) -> str:
        found = (value for name, value in self.cookies.items() if name.startswith(CSRF_COOKIE))
        return next(found, "")

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "Cookie": cookies,
            "X-CSRFToken": self._csrf_token(),
            "Accept-Encoding": "gzip",
        }


def fields_of(page: str) -> list[tuple[str, str]]:
    """Names and values of what the page's `#launch-form` would send, but for long texts."""
    parser = _Fields()
    parser.feed(page)
    return parser.fields


class _Fields(HTMLParser):
    """Names and values of what `#launch-form` would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.accounts: dict[str, str] = {}
        self._is_inside = False

    def handle_starttag(self, tag, attrs) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = have.get("id") == "launch-form"
        if not self._is_inside or not have.get("name") or "disabled" in have:
            return
        kind = have.get("type", "text")
        if tag == "textarea" or (tag == "input" and kind not in ("checkbox", "radio", "submit")):
            self.fields.append((have["name"], have.get("value", "")))
        elif kind == "checkbox" and have["name"].endswith("-accounts"):
            self.accounts.setdefault(have["name"], have.get("value", ""))
        elif tag == "input" and "checked" in have:
            self.fields.append((have["name"], have.get("value", "on")))

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self._is_inside = False
