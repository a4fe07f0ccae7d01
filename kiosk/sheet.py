"""Text to be read, in pages: an item's guide, the consent. What stands on it, and where its lines and pages end.

Pure: the width of a sign is estimated on the wide side, so that the pages are known without a font; the widget that
draws a line may only find room to spare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from config.texts import Texts
from kiosk.items import Guide, Item, Material
from kiosk.state import Screen, State
from kiosk.typeset import break_lines
from kiosk.vouchers import Stage, VoucherCase
from kiosk.wording import date_of, money, texts_of

#: White above a heading, in lines.
HEADING_LEAD = 0.4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading with what stands under it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is drawn."""

    text: str
    is_heading: bool = False


def em_width(text: str) -> float:
    """Width in em, on the wide side."""
    return sum(_sign_width(sign) for sign in text)


def _sign_width(sign: str) -> float:
    if ord(sign) >= 0x2000:
        return 1.0
    if sign in " .,:;'|!ijlI()[]":
        return 0.36
    if sign in "mwMW@%":
        return 0.98
    return 0.70 if sign.isupper() else 0.60


def paragraphs(state: State) -> tuple[Paragraph, ...]:
    """What the present page says."""
    texts = texts_of(state.prefs.language)
    match state.screen:
        case Screen.CONSENT if state.hall is not None:
            return consent_paragraphs(state.hall.consent.to(texts.language), texts)
        case Screen.GUIDE if state.guide is not None:
            return _noted(guide_paragraphs(state.guide, texts), texts)
        case Screen.GUIDE if state.item is not None and state.is_guide_missing:
            missing = texts("The guide cannot be had now. Our staff have it on paper")
            return (*item_paragraphs(state.item, texts), Paragraph("", (missing,)))
        case Screen.GUIDE if state.item is not None:
            return item_paragraphs(state.item, texts)
        case Screen.CASE if state.case is not None:
            return case_paragraphs(state.case, texts)
        case _:
            return ()


def consent_paragraphs(consent: str, texts: Texts) -> tuple[Paragraph, ...]:
    """What the card is read for, in the hall's words, and what the visitor will do next."""
    steps = (
        texts("1. Lay your ID card on the reader"),
        texts("2. Choose: check in, a priority number or an ordinary one"),
        texts("3. Take your ticket, and your card with it"),
    )
    return (
        Paragraph(texts("Why your card is read"), (consent,)),
        Paragraph(texts("What happens next"), steps),
    )


def _noted(found: tuple[Paragraph, ...], texts: Texts) -> tuple[Paragraph, ...]:
    """Say once, first of all, to who reads another language that the official record is Chinese."""
    lines = (line for one in found for line in one.lines)
    if texts.language == "zh" or not any("\u4e00" <= sign <= "\u9fff" for line in lines for sign in line):
        return found
    note = texts("Official details are in Chinese. Our staff explain them")
    return (Paragraph("", (note,)), *found)


def item_paragraphs(item: Item, texts: Texts) -> tuple[Paragraph, ...]:
    """What the item's line in the list tells by itself."""
    found = []
    if item.elsewhere is not None:
        where = item.elsewhere
        found.append(Paragraph(texts("Not done in this hall"), (texts("No number is needed here"),)))
        found.append(Paragraph(texts("Where it is done"), (where.place,)))
        found.append(Paragraph(texts("Telephone"), (where.contact,)))
        found.append(Paragraph(texts("Why not here"), (where.reason,)))
    if item.online is not None:
        online = texts("You can do this online at {place}, without coming here", place=item.online.name)
        found.append(Paragraph(texts("Online"), (online,)))
    found.append(Paragraph(texts("Department"), (item.department.to(texts.language),)))
    return _filled(found)


def guide_paragraphs(guide: Guide, texts: Texts) -> tuple[Paragraph, ...]:
    """The whole guide, in the order in which a citizen needs it."""
    members = tuple(f"{n}. {one.name.to(texts.language)}" for n, one in enumerate(guide.members, 1))
    sheets = tuple(f"{n}. {material_line(one, texts)}" for n, one in enumerate(guide.materials, 1))
    found = [
        *item_paragraphs(guide.item, texts),
        Paragraph(texts("Done together"), members),
        Paragraph(texts("What to bring"), sheets),
        Paragraph(texts("Conditions"), tuple(guide.conditions.splitlines())),
        Paragraph(texts("Fee"), (guide.fee,)),
        Paragraph(texts("Time limit"), (guide.time_limit,)),
        Paragraph(texts("Forms"), guide.forms),
        Paragraph(texts("Steps"), tuple(guide.steps.splitlines())),
        Paragraph(texts("Where"), (guide.where,)),
        Paragraph(texts("By whom"), (guide.by,)),
        Paragraph(texts("Legal basis"), tuple(guide.legal_basis.splitlines())),
    ]
    return _filled(found)


def case_paragraphs(case: VoucherCase, texts: Texts) -> tuple[Paragraph, ...]:
    """Where an application stands: what to do first, then the facts, then the way it has come."""
    language = texts.language
    where = " ".join(part for part in (case.pickup_area.to(language), case.pickup_windows.to(language)) if part)
    # Whoever stands here has scanned it already.
    todo = texts("Please show the voucher and your ID card at the desk") if case.can_take else case.todo.to(language)
    by = (texts("by {day}", day=date_of(case.promise_on, texts)),) if case.promise_on else ()
    found = [
        Paragraph(case.standing.to(language), (todo,)),
        Paragraph(texts("Your number for collection"), (case.ticket,)),
        Paragraph(texts("To be corrected"), case.corrections),
        Paragraph(texts("Still missing"), (*case.lacks, *by) if case.lacks else ()),
        Paragraph(texts("Fee to pay"), (money(case.fee, texts),) if case.fee is not None else ()),
        Paragraph(texts("Decided by"), (date_of(case.deadline_on, texts),) if case.deadline_on else ()),
        Paragraph(texts("Where to fetch it"), (where,)),
        Paragraph(texts("Posted"), (f"{case.carrier} {case.tracking}".strip(),)),
        Paragraph(texts("The way it goes"), tuple(_stage(stage, texts) for stage in case.stages)),
        Paragraph(texts("Case number"), (case.number,)),
    ]
    return _filled(found)


def _stage(stage: Stage, texts: Texts) -> str:
    name = stage.name.to(texts.language)
    if stage.is_now:
        return texts("{stage}: now", stage=name)
    return texts("{stage}: {day}", stage=name, day=date_of(stage.on, texts)) if stage.on else name


def _filled(found: list[Paragraph]) -> tuple[Paragraph, ...]:
    kept = (Paragraph(one.heading, tuple(line for line in one.lines if line.strip())) for one in found)
    return tuple(one for one in kept if one.lines)


def material_line(material: Material, texts: Texts) -> str:
    """One paper: what, in which form, how many, and whose sample hangs out."""
    facts = [material.form, texts("copies: {n}", n=material.copies) if material.copies else "", material.note]
    if material.sample:
        facts.append(texts("sample: {name}", name=material.sample))
    told = texts("; ").join(fact for fact in facts if fact)
    return texts("{name} ({facts})", name=material.name, facts=told) if told else material.name


@lru_cache(maxsize=16)
def rows(found: tuple[Paragraph, ...], width_em: float) -> tuple[Row, ...]:
    """Break into lines of a width."""

    def measure(text: str, size: float) -> float:
        return em_width(text) * size

    broken: list[Row] = []
    for paragraph in found:
        if paragraph.heading:
            broken += [Row(line, True) for line in break_lines(paragraph.heading, width_em, 1.0, measure)]
        for line in paragraph.lines:
            broken += [Row(part) for part in break_lines(line, width_em, 1.0, measure)]
    return tuple(broken)


def lead(page: Sequence[Row], at: int) -> float:
    """White above a row, in lines: before a heading that does not begin its page."""
    return HEADING_LEAD if at > 0 and page[at].is_heading and not page[at - 1].is_heading else 0.0


def height(page: Sequence[Row]) -> float:
    """Height of a page, in lines."""
    return sum(1 + lead(page, at) for at in range(len(page)))


@lru_cache(maxsize=16)
def pages(found: tuple[Paragraph, ...], width_em: float, lines: float) -> tuple[tuple[Row, ...], ...]:
    """Divide into pages; a heading is never left alone at a page's foot."""
    divided: list[tuple[Row, ...]] = []
    page: list[Row] = []
    for row in rows(found, width_em):
        if page and height((*page, row)) > lines + 0.01:
            carried = [page.pop()] if len(page) > 1 and page[-1].is_heading else []
            divided.append(tuple(page))
            page = carried
        page.append(row)
    if page:
        divided.append(tuple(page))
    return tuple(divided) or ((),)
