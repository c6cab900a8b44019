"""Reviewed summaries of the policy's sections in Bangla: by people, never by a machine."""

from dataclasses import dataclass
from pathlib import Path

from bot.answering.document.policy_document import MAX_BYTES, Document, Section
from bot.domain.errors import Refused

_HEADING = "## "


@dataclass(frozen=True, slots=True)
class Translations:
    """Reviewed summaries by section heading."""

    summaries: dict[str, str]

    def summary_of(self, heading: str | None) -> str | None:
        """The summary of a section; None when nobody wrote one."""
        return self.summaries.get(_key(heading)) if heading else None

    def unknown_headings(self, document: Document) -> tuple[str, ...]:
        """Headings of the file that the policy does not have: typing mistakes, or old versions."""
        known = {_key(section.heading) for section in document.sections}
        return tuple(heading for heading in self.summaries if heading not in known)

    def sections_without(self, document: Document) -> tuple[Section, ...]:
        """Sections of which a Bangla reader gets no summary."""
        return tuple(
            one
            for one in document.sections
            if one.heading and one.sentences and self.summary_of(one.heading) is None
        )


def read_translations(path: Path) -> Translations:
    """Read the operator's file: "## section heading", and the reviewed summary under it.

    Raises:
        Refused: the file cannot be read, or a part has no heading or no text; the line is named.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise Refused("policy.translations_unreadable", file=str(path))
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise Refused("policy.translations_missing", file=str(path)) from None
    except UnicodeDecodeError:
        raise Refused("policy.translations_not_utf8", file=str(path)) from None
    except (OSError, ValueError):
        raise Refused("policy.translations_unreadable", file=str(path)) from None
    return parse_translations(text, name=str(path))


def parse_translations(text: str, *, name: str) -> Translations:
    """Parse the file's text; `name` is how a refusal calls it."""
    found: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    current: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(_HEADING):
            key = _key(line.removeprefix(_HEADING))
            if not key or key in found:
                raise Refused("policy.translations_bad", file=name, line=number)
            places[key] = number
            current = found.setdefault(key, [])
        elif current is not None:
            current.append(line)
        elif line.strip() and not line.startswith("#"):
            raise Refused("policy.translations_bad", file=name, line=number)
    summaries = {key: "\n".join(lines).strip() for key, lines in found.items()}
    for key, summary in summaries.items():
        if not summary:
            raise Refused("policy.translations_bad", file=name, line=places[key])
    return Translations(summaries)


def _key(heading: str) -> str:
    return " ".join(heading.split()).strip(" ;:?.").casefold()
