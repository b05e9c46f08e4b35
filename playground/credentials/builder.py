"""A draft → the request that saves the account, and what is wrong with it. Contract section 5.

Never raises on a draft, and no issue quotes a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from playground.contract.accounts import AccountCredentials, AccountSave
from playground.contract.folding import clean_uid
from playground.contract.wire import UNSET
from playground.credentials import checks
from playground.credentials.drafts import AccountDraft
from playground.credentials.kinds import IN_WORDS, Cookie
from playground.credentials.pasting import LONGEST_NAME, Pasted, is_cookie_name, read_pasted
from playground.payload.issues import Issue, Severity
from playground.payload.paths import Path

# Where things stand in the request (see `payload.paths`).
_ACCOUNT: Path = ("account",)
_NAME, _OWNER, _COOKIES, _API_KEY, _USERNAME, _PASSWORD = (
    (*_ACCOUNT, key) for key in ("name", "user_uid", "cookies", "api_key", "username", "password")
)
_RESUMES: Path = ("resume_paused_jobs",)
STAY_PAUSED = "Jobs that wait for this account stay paused: it gets no new credentials."
# A secret that stands in the name would be shown wherever the account is.
_SHORTEST_REPEATED = 6
_REPEATS, _REPEATED = "repeats", "This repeats a secret, and everybody sees it."


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSave:
    """The request as far as it goes, and every issue in the order of the form.

    `pasted` tells what was found in the pasted text; `missing` are known cookies that the
    request does not carry.
    """

    request: AccountSave
    issues: tuple[Issue, ...]
    pasted: Pasted
    missing: tuple[Cookie, ...]
    is_update: bool

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.severity == "warning")

    @property
    def cookie_names(self) -> tuple[str, ...]:
        """The cookies that the request carries."""
        return tuple(self.request.account.cookies or ())

    @property
    def found(self) -> tuple[str, ...]:
        """The cookies that were picked out of the pasted text."""
        return tuple(self.pasted.values)


def build_save(draft: AccountDraft) -> BuiltSave:
    return _Builder(draft).build()


def without_secrets(draft: AccountDraft, built: BuiltSave) -> AccountDraft:
    """What of the draft may be filled in again, `built` being what was made of it."""
    repeating = {issue.path for issue in built.issues if issue.code == _REPEATS}
    shown = draft.without_secrets()
    return replace(
        shown,
        name="" if _NAME in repeating else shown.name,
        owner="" if _OWNER in repeating else shown.owner,
    )


@dataclass(slots=True)
class _Builder:
    draft: AccountDraft = field(repr=False)
    issues: list[Issue] = field(default_factory=list)
    pasted: Pasted = field(default_factory=Pasted)

    def build(self) -> BuiltSave:
        draft = self.draft
        account = AccountCredentials(
            uid=draft.uid or UNSET,
            name=self._name() or UNSET,
            user_uid=self._owner() or UNSET,
        )
        account = self._with_credentials(account)
        account = self._without_repeats(account)
        self._check_what_is_sent(account)
        return BuiltSave(
            request=AccountSave(
                account=account,
                resume_paused_jobs=True if self._resumes(account) else UNSET,
                shared_account=True if draft.is_shared and not draft.is_update else UNSET,
            ),
            issues=tuple(self.issues),
            pasted=self.pasted,
            missing=self._missing(account),
            is_update=draft.is_update,
        )

    def _resumes(self, account: AccountCredentials) -> bool:
        """A new name or owner alone makes no job go on that waits for other credentials."""
        has_secret = bool(account.cookies or account.api_key or account.password)
        is_other = bool(account.name or account.user_uid)
        if self.draft.resumes and self.draft.is_update and is_other and not has_secret:
            self._add("hint", "stay-paused", _RESUMES, STAY_PAUSED)
            return False
        return self.draft.resumes

    def _name(self) -> str:
        name = self.draft.name.strip()
        if not name and not self.draft.is_update:
            self._add("error", "no-name", _NAME, "A new account needs a name.")
        return self._checked(name, _NAME, "The name", checks.LONGEST_NAME)

    def _owner(self) -> str:
        owner = clean_uid(self.draft.owner)
        if not owner and not self.draft.is_update:
            self._add("warning", "no-owner", _OWNER, "No owner: the account is nobody's.")
        return self._checked(owner, _OWNER, "The owner's UID", checks.LONGEST_NAME)

    def _with_credentials(self, account: AccountCredentials) -> AccountCredentials:
        draft = self.draft
        if draft.kind == "cookies":
            return replace(account, cookies=self._cookies() or UNSET)
        if draft.kind == "api_key":
            key = draft.api_key.strip()
            self._remark_on_invisible(key, _API_KEY, "The API key")
            key = self._checked(key, _API_KEY, "The API key", checks.LONGEST_KEY)
            return replace(account, api_key=key or UNSET)
        return self._with_password(account)

    def _with_password(self, account: AccountCredentials) -> AccountCredentials:
        most = checks.LONGEST_PASSWORD
        username = self.draft.username.strip()
        self._remark_on_invisible(username, _USERNAME, "The user name")
        username = self._checked(username, _USERNAME, "The user name", most)
        # Blanks at the ends of a password may be meant.
        password = self.draft.password if self.draft.password.strip() else ""
        password = self._checked(password, _PASSWORD, "The password", most)
        if password and not username and not self.draft.is_update:
            self._add("error", "no-username", _USERNAME, "A password needs its user name.")
        return replace(account, username=username or UNSET, password=password or UNSET)

    def _cookies(self) -> dict[str, str]:
        draft = self.draft
        self.pasted = read_pasted(draft.pasted, draft.needs, draft.integration)
        if self.pasted.problem:
            self._add("error", "paste", _COOKIES, self.pasted.problem)
        cookies: dict[str, str] = {}
        for name, value in self.pasted.values.items():
            own = draft.cookies.get(name, "").strip()
            self._add_cookie(cookies, name, own or value, is_pasted=not own)
        for name, value in draft.cookies.items():
            if name not in self.pasted.values and value.strip():
                self._add_cookie(cookies, name, value.strip(), is_pasted=False)
        for name in self.pasted.elsewhere:
            self._add("warning", "other-site", _COOKIES, f"{name} is of another site.")
        return cookies

    def _add_cookie(
        self, cookies: dict[str, str], name: str, value: str, *, is_pasted: bool
    ) -> None:
        path = _COOKIES if is_pasted else (*_COOKIES, name)
        if not is_cookie_name(name) or len(name) > LONGEST_NAME:
            message = "A cookie's name has letters, digits and signs without blanks, at most 200."
            self._add("error", "cookie-name", _COOKIES, message)
        elif problem := checks.problem_of_cookie(value, name):
            self._add("error", "cookie", path, problem)
        else:
            cookies[name] = value

    def _without_repeats(self, account: AccountCredentials) -> AccountCredentials:
        """Name and owner are shown, so they must not hold a secret by mistake."""
        hidden = [account.api_key, account.password, *(account.cookies or {}).values()]
        secrets = [one for one in hidden if isinstance(one, str) and len(one) >= _SHORTEST_REPEATED]

        name, owner = account.name, account.user_uid
        if isinstance(name, str) and any(secret in name for secret in secrets):
            self._add("error", _REPEATS, _NAME, _REPEATED)
            name = UNSET
        # A UID may hold a short secret by chance.
        if owner in secrets:
            self._add("error", _REPEATS, _OWNER, _REPEATED)
            owner = UNSET
        return replace(account, name=name, user_uid=owner)

    def _check_what_is_sent(self, account: AccountCredentials) -> None:
        draft, cookies = self.draft, account.cookies or {}
        has_secret = bool(cookies or account.api_key or account.password)
        if not has_secret and not draft.is_update and not self._has_error_in_credentials():
            self._add("error", "no-credential", *_WANTED[draft.kind])
        if has_secret and draft.needs.kind not in (None, draft.kind):
            message = f"{draft.needs.title} signs in with {IN_WORDS[draft.needs.kind]}."
            self._add("warning", "other-kind", _ACCOUNT, message)
        for cookie in draft.needs.cookies:
            if cookie.is_needed and cookies and cookie.name not in cookies:
                path = (*_COOKIES, cookie.name)
                self._add("error", "needed", path, f"{cookie.name} is missing: {cookie.lack}.")
        is_empty = not has_secret and not (account.username or account.name or account.user_uid)
        if draft.is_update and is_empty and not self.issues:
            self._remark_on_nothing()

    def _remark_on_nothing(self) -> None:
        if self.draft.resumes:
            message = "Nothing of the account changes: only its paused jobs are resumed."
            self._add("hint", "only-resumes", _RESUMES, message)
        else:
            message = "Nothing is filled in, so there is nothing to save."
            self._add("error", "nothing", _NAME, message)

    def _missing(self, account: AccountCredentials) -> tuple[Cookie, ...]:
        has = account.cookies or {}
        if self.draft.kind != "cookies" or not has:
            return ()
        return tuple(cookie for cookie in self.draft.needs.cookies if cookie.name not in has)

    def _has_error_in_credentials(self) -> bool:
        others = (_NAME, _OWNER)
        return any(one.severity == "error" and one.path not in others for one in self.issues)

    def _checked(self, text: str, path: Path, label: str, most: int) -> str:
        problem = checks.problem_of_text(text, label, most=most)
        if problem:
            self._add("error", "text", path, problem)
        return "" if problem else text

    def _remark_on_invisible(self, text: str, path: Path, label: str) -> None:
        if checks.has_invisible(text):
            message = f"{label} holds characters that cannot be seen. Are they meant?"
            self._add("warning", "invisible", path, message)

    def _add(self, severity: Severity, code: str, path: Path, message: str) -> None:
        self.issues.append(Issue(path=path, code=code, severity=severity, message=message))


_WANTED = {
    "cookies": (
        _COOKIES,
        "A new account needs its cookies: paste them, or fill in their fields.",
    ),
    "api_key": (_API_KEY, "A new account needs its API key."),
    "password": (_PASSWORD, "A new account needs its password."),
}
