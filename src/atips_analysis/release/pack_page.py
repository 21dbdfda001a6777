"""`README.html` of a pack: what is in it and how to check it, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from atips_analysis.project import Project
from atips_analysis.release.pack_metadata import Particulars
from atips_analysis.render.page import page_html
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import publication_from, theme_words
from atips_analysis.words import N_, Translator, by_language, in_language, languages, translator

FILES = (
    ("reports/index.html", N_("the reports as web pages, most of them as PDF too")),
    (
        "tables{mark}.xlsx",
        N_("every table in one spreadsheet: cover, contents, notes, one table a sheet"),
    ),
    ("tables/", N_("the same tables as CSV (UTF-8); datapackage.json describes each column")),
    (
        "sdmx/",
        N_("the table of indicators as SDMX-CSV 2.0, with its structure (SDMX-JSON 2.0)"),
    ),
    ("ledger/", N_("what was printed and what was hidden in this release and in earlier ones")),
    ("baselines/", N_("frozen baselines, if any: their tables, each with its seal")),
    (
        "exhibits.csv",
        N_("which notebook, cell and indicators each figure, table and key figure comes from"),
    ),
    ("sbom.cdx.json", N_("the software that made it, package by package (CycloneDX)")),
    ("ro-crate-metadata.json", N_("the same for machines: what is here and what made it")),
    ("SHA256SUMS", N_("the check sum of every file")),
)
SIGNED = ("signatures/", N_("the signatures of SHA256SUMS by two roles; their keys are in keys/"))
HIDDEN = N_(
    "Counts of persons from 1 to {top} are not published, and enough others are hidden "
    "(status C) that none of them can be worked out from totals, from other tables, from earlier "
    "releases or from figures that others publish. Beside a hidden count stand "
    "the ends of the range in which it lies (low, high). "
    "A zero of status Z is a true zero. A hidden number is "
    "neither zero nor missing: do not fill it in."
)
STEPS = (
    N_(
        "With Python 3.8 or later and nothing else: unpack this pack and run <code>python "
        "verify.py</code>, or run it on the zip: <code>python verify.py {zip}</code>. It needs no "
        "network. It ends with 0 when the pack is complete, unchanged and adds up."
    ),
    N_(
        "With the package atips-analysis: <code>atips verify {zip}</code> also repeats the attack "
        "on this release, all earlier ones and the frozen baselines together."
    ),
    N_(
        "A pack that was forged as a whole agrees with itself: compare the SHA-256 of the zip with "
        "the one that the sender gives you by another way."
    ),
)
SIGNATURES = N_(
    "Two roles signed this pack ({keys}): compare these names of their keys with those that the "
    "issuing body publishes. <code>atips verify {zip}</code> checks the signatures, and so does "
    "OpenSSL in the folder of the unpacked pack, for <code>checked</code> as for "
    "<code>approved</code>: <code>openssl pkeyutl -verify -pubin -inkey keys/checked.pem -rawin -in "
    "SHA256SUMS -sigfile signatures/checked.sig</code>."
)
NOT_SIGNED = N_("This pack is not signed: the issuing body had set up no keys.")


def pack_page(
    particulars: Particulars,
    project: Project,
    *,
    checked_by: str,
    approved_by: str,
    threshold: int,
    file_name: str,
) -> bytes:
    """The page as HTML that loads nothing from elsewhere."""
    profile, said = project.profile, [translator(lang) for lang in languages()]
    publication = publication_from(
        profile,
        lang="en",
        simulated=particulars.simulated,
        title=particulars.title,
        subtitle=" · ".join(_subtitle(_) for _ in said),
        period=str(particulars.year),
        layout="brief",
        draft=False,
        made_from=(),
    )
    words = theme_words(publication)
    facts = {
        "checked": escape(checked_by),
        "approved": escape(approved_by),
        "date": particulars.date,
        "version": particulars.version,
        "top": threshold - 1,
        "zip": escape(file_name),
        "mark": "-simulated" if particulars.simulated else "",
        "keys": ", ".join(f"{role} {key}" for role, key in particulars.signed_by.items()),
    }
    names = by_language(profile["country"], "name")
    body = "\n".join(_section(_, facts, names) for _ in said)
    contents = "<ul>" + "".join(
        f'<li><a href="#{_anchor(_)}" lang="{_.lang}">{_title(_)}</a></li>' for _ in said
    )
    status = (words["status"], words["status_released"])
    records = [(words["records"], words["records_simulated"])] if particulars.simulated else []
    lines = [
        status,
        *records,
        ("Edition", particulars.edition),
        ("Version", f"atips-analysis {particulars.software}"),
    ]
    html = page_html(publication, words, contents + "</ul>", body, lines, project.extension)
    return sealed(html).encode("utf-8")


def _title(_: Translator) -> str:
    return _("What this is")


def _anchor(_: Translator) -> str:
    return _.pgettext("anchor of a section", "what-this-is")


def _subtitle(_: Translator) -> str:
    return _("What this pack holds and how to check it")


def _section(_: Translator, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    lead = _(
        "Statistics on trafficking in persons that were checked by one role and approved by "
        "another ({checked}; {approved}) and sealed on {date} as version {version}.",
        **facts,
    )
    warning = ""
    if facts["mark"]:
        simulated = _(
            "Everything here was made from SIMULATED RECORDS to show how the package works. "
            "No number that comes from records is a figure of {country}, and no body stands behind "
            "it.",
            country=escape(
                str(in_language(names, _.lang, "name of the country", "data/council/profile.toml"))
            ),
        )
        warning = f"<p><strong>{simulated}</strong></p>"
    files = "".join(
        f"<dt>{_link(name.format(**facts))}</dt><dd>{escape(_(what))}</dd>"
        for name, what in (*FILES, *([SIGNED] if facts["keys"] else []))
    )
    checks = (*STEPS, SIGNATURES if facts["keys"] else NOT_SIGNED)
    steps = "".join(f"<li>{_(step, **facts)}</li>" for step in checks)
    contents, hidden, check = _("What is in it"), _("Hidden numbers"), _("How to check it")
    return (
        f'<section id="{_anchor(_)}" lang="{_.lang}"><h2>{_title(_)}</h2>'
        f"<p>{lead}</p>{warning}"
        f"<h3>{contents}</h3><dl>{files}</dl>"
        f"<h3>{hidden}</h3><p>{_(HIDDEN, **facts)}</p>"
        f"<h3>{check}</h3><ul>{steps}</ul></section>"
    )


def _link(name: str) -> str:
    return name if name.endswith("/") else f'<a href="{name}">{name}</a>'
