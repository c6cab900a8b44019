"""What `run` and `doctor` say of the data maps of company databases."""

from collections.abc import Sequence

from bot.application.ports.company_maps import CompanyMaps, MapProblem
from bot.application.ports.reports import HealthCheck, finding_of
from bot.domain.addresses import Language
from bot.domain.errors import DeskError
from bot.wording import say
from handlers.settings import SettingsRefused

COMPANY_SOURCES = "company sources"


def line_of_problem(problem: MapProblem) -> str:
    """`billing.yaml:12: ...`, as compilers say it."""
    params: dict[str, object] = dict(problem.params)
    text = say(problem.key, Language.EN, **params)
    if problem.is_doubt:
        text = say("company.doubt", Language.EN, text=text)
    return f"{problem.file}:{problem.line}: {text}"


def map_findings(maps: CompanyMaps) -> list[HealthCheck]:
    """Nothing, where the files are well; no database is asked.

    Raises:
        SettingsRefused: with every problem, in the words of `sources check`.
    """
    problems = [line_of_problem(one) for one in maps.problems() if not one.is_doubt]
    if problems:
        raise SettingsRefused(problems)
    return []


async def checked_maps(maps: CompanyMaps) -> list[HealthCheck]:
    """The maps held against their databases; broken files are said by the start check."""
    if any(not one.is_doubt for one in maps.problems()):
        return []
    try:
        checked = await maps.check()
    except DeskError as error:
        return [finding_of(COMPANY_SOURCES, error)]
    return [_finding([problem for one in checked for problem in one.problems])]


def _finding(problems: Sequence[MapProblem]) -> HealthCheck:
    bad = [line_of_problem(one) for one in problems if not one.is_doubt]
    if bad:
        params = (("problems", "; ".join(bad)),)
        key = "company.does_not_fit"
        return HealthCheck(COMPANY_SOURCES, is_good=False, key=key, params=params)
    doubts = len(problems)
    if doubts:
        params = (("count", doubts),)
        key = "company.doubts_stand"
        return HealthCheck(COMPANY_SOURCES, is_good=True, key=key, params=params, warns=True)
    return HealthCheck(COMPANY_SOURCES, is_good=True, key="company.all_fits")
