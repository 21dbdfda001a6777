"""What every publication says of itself: when it was released, whom to ask, how to cite it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atips_analysis.pages.numbers import format_date
from atips_analysis.words import by_language, in_language, translator


@dataclass(frozen=True)
class Particulars:
    """Released, next_release, contact, licence, cite: each in words, "not set" where nobody set it."""

    released: str
    next_release: str
    contact: str
    licence: str
    cite: str

    def lines(self, lang: str = "en") -> tuple[tuple[str, str], ...]:
        """Pairs of what and which, as a colophon lists them."""
        _ = translator(lang)
        released = _(
            "{released}; next release: {next}", released=self.released, next=self.next_release
        )
        return (
            (_("Release date"), released),
            (_("Contact"), self.contact),
            (_("Licence"), self.licence),
            (_("How to cite"), self.cite),
        )


def particulars(
    profile: Mapping[str, Any],
    about: Mapping[str, Any],
    *,
    title: str,
    period: str = "",
    simulated: bool,
    lang: str = "en",
) -> Particulars:
    """The particulars of a publication, from the council's profile and its release calendar.

    Dates are those that the Council wrote into the calendar, which a build keeps (`calendar` of
    `about`): no clock fills them in.

    Parameters
    ----------
    profile : mapping
        The council's profile.
    about : mapping
        A build's `build.json`.
    title, period : str
        Of the publication, as its cover has them.
    simulated : bool
        Whether it rests on simulated records: then nobody issued it, and it is not to be cited.
        Nobody issued the other pages of such a build either: they are cited by the country.
    """
    _ = translator(lang)
    of = profile["publication"]
    not_set = _("not set")

    def said(name: str, section: Mapping[str, Any] = of) -> str:
        texts = by_language(section, name)
        return str(in_language(texts, lang, name, "profile.toml")) if texts else ""

    days = about.get("calendar", {})

    def day(name: str) -> str:
        return format_date(dt.date.fromisoformat(days[name]), lang) if name in days else not_set

    named = f"{title}, {period}" if period and period not in title else title
    cite = _("not to be cited: it is made from simulated records")
    if not simulated:
        body = said("issuing_body", profile["council"]) or said("name", profile["council"])
        if about.get("simulated"):
            body = said("name", profile["country"])
        cite = (
            _(
                "{body}: {title}. Edition {edition} of the data bank.",
                body=body,
                title=named,
                edition=about["edition"],
            )
            if "edition" in about
            else f"{body}: {named}."
        )
    return Particulars(
        released=day("released"),
        next_release=day("next_release"),
        contact=said("contact") or str(profile["council"].get("website") or not_set),
        licence=said("licence") or not_set,
        cite=cite,
    )
