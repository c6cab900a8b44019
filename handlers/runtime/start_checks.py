"""What is looked at before a desk starts: one list, for `run`, which refuses, and for `doctor`."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answering.document.policy_document import read_policy
from bot.application.ports.reports import HealthCheck, finding_of
from bot.domain.addresses import Language
from bot.domain.errors import DeskError
from bot.domain.text import without_invisible
from bot.wording import say
from handlers.log_setup import redact
from handlers.runtime.config_files import business_hours, canned_replies, reviewed_summaries
from handlers.runtime.preflight import choose_mode
from handlers.settings import Settings, SettingsRefused

OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at; it raises what a start would raise, and returns the rest."""

    name: str
    look: Callable[[], Sequence[HealthCheck]]


def checks_of(settings: Settings) -> list[Check]:
    """Of the settings and of the company's own files."""

    def read(file: Callable[[Settings], object]) -> Callable[[], list[HealthCheck]]:
        def look() -> list[HealthCheck]:
            file(settings)
            return []

        return look

    return [
        Check("settings", lambda: [_mode_of(settings)]),
        Check("secrets", _secrets),
        Check("company", lambda: _company(settings)),
        Check("policy", lambda: _policy(settings)),
        Check("working hours", read(business_hours)),
        Check("canned replies", read(canned_replies)),
        Check("policy summaries", read(reviewed_summaries)),
        Check("alerts", lambda: alert_findings(settings)),
    ]


def examined(checks: Iterable[Check]) -> list[HealthCheck]:
    """What was found; where a start would be refused, in the words of that refusal."""
    found: list[HealthCheck] = []
    for check in checks:
        try:
            found += check.look()
        except DeskError as error:
            found.append(refused_check(check.name, error))
    return found


def insist(checks: Iterable[Check]) -> list[HealthCheck]:
    """The same for a start.

    Raises:
        DeskError: the only thing that a start is refused for; or all of them in one list.
    """
    found, errors = list[HealthCheck](), list[DeskError]()
    for check in checks:
        try:
            found += check.look()
        except DeskError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SettingsRefused([one for error in errors for one in _sentences(error)])
    return found


def refused_check(name: str, error: DeskError) -> HealthCheck:
    """Of settings that are refused each problem is said."""
    if not isinstance(error, SettingsRefused):
        return finding_of(name, error)
    params = (("problems", "; ".join(error.problems)),)
    return HealthCheck(name, is_good=False, key="doctor.settings_wrong", params=params)


def level_of(finding: HealthCheck) -> str:
    """`ok`, `WARN` or `FAIL`."""
    if not finding.is_good:
        return "FAIL"
    return "WARN" if finding.warns else "ok"


def text_of(finding: HealthCheck) -> str:
    params: dict[str, object] = dict(finding.params)
    return say(finding.key, Language.EN, **params)


def line_of(finding: HealthCheck) -> str:
    return f"{level_of(finding):4}  {finding.name}: {text_of(finding)}"


def tell_at_start(findings: Iterable[HealthCheck]) -> None:
    """A line for each that somebody should look at; `doctor` says the same."""
    for one in findings:
        if level_of(one) != "ok":
            print(redact(line_of(one)), file=sys.stderr, flush=True)  # noqa: T201  # for the person who started it


def alert_findings(settings: Settings) -> list[HealthCheck]:
    """Whether anybody hears of it while Slack is away; the sandbox needs no such way."""
    if not settings.slack_bot_token.get_secret_value():
        return []
    receivers = len(settings.alert_email)
    if receivers and settings.smtp_url.get_secret_value():
        params = (("count", receivers),)
        return [HealthCheck("alerts", is_good=True, key="doctor.alerts", params=params)]
    key = "doctor.alerts_without_mail" if receivers else "doctor.alerts_in_slack_only"
    return [HealthCheck("alerts", is_good=True, key=key, warns=True)]


def _mode_of(settings: Settings) -> HealthCheck:
    mode = choose_mode(settings)
    return HealthCheck("settings", is_good=True, key=f"doctor.settings_{mode.value}")


def _secrets() -> list[HealthCheck]:
    """Whether others on this machine can read the tokens."""
    file = Path(str(Settings.model_config.get("env_file")))
    if not file.is_file() or not file.stat().st_mode & OTHERS:
        return []
    params = (("files", str(file)),)
    return [HealthCheck("secrets", is_good=True, key="doctor.file_open", params=params, warns=True)]


def _company(settings: Settings) -> list[HealthCheck]:
    """A live desk speaks for one company; the name that is shipped is nobody's."""
    if not _is_live(settings) or "company_name" in settings.model_fields_set:
        return []
    params = (("name", settings.company_name),)
    return [HealthCheck("company", is_good=False, key="doctor.company_unset", params=params)]


def _policy(settings: Settings) -> list[HealthCheck]:
    """Whether it is the company's own, and speaks of it by the name that clients read."""
    path = settings.policy_file
    if path is None:
        wrong = HealthCheck("policy", is_good=False, key="doctor.policy_unset")
        return [wrong] if _is_live(settings) else []
    policy = read_policy(path)
    if not _is_live(settings) or _plain(settings.company_name) in _plain(policy.text):
        return []
    params = (("name", settings.company_name), ("path", str(path)))
    key = "doctor.policy_names_another"
    return [HealthCheck("policy", is_good=True, key=key, params=params, warns=True)]


def _is_live(settings: Settings) -> bool:
    tokens = (settings.telegram_bot_token, settings.slack_bot_token)
    return any(token.get_secret_value() for token in tokens)


def _plain(text: str) -> str:
    return " ".join(without_invisible(text).casefold().split())


def _sentences(error: DeskError) -> list[str]:
    if isinstance(error, SettingsRefused):
        return error.problems
    params: dict[str, object] = dict(error.params)
    return [say(error.key, Language.EN, **params)]
