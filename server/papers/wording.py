"""The sentences of vouchers, correction notices, refusals and receipts. Pure: from facts to papers, Chinese always, English beside
it for who speaks that."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

from config.texts import Texts
from server.core.case_records import DeliveryWay, Outcome, PaperKind
from server.papers.facts import COPIES, CopyOf, Handed, PaperFacts, Said
from server.papers.model import Code, Facts, Listing, Paper, Part, Passage, Signatures

LOCALE = Path(__file__).parent / "locale"

TITLES = {
    PaperKind.VOUCHER: "Receipt for application papers",
    PaperKind.CORRECTION: "Notice of all papers to be corrected",
    PaperKind.REFUSAL: "Notice that an application is not accepted",
    PaperKind.RECEIPT: "Receipt of a result",
}
#: What was shown, by the word of the log.
PROOFS = {
    "voucher": "Shown",
    "card": "Lost; the ID card was compared with the record",
    "family": "Lost; the household register was shown",
    "other": "Lost; proved otherwise",
}
COPY_NAMES = {
    CopyOf.APPLICANT: "Applicant's copy",
    CopyOf.FILE: "File copy",
    CopyOf.WINDOW: "Window's copy",
}
WAYS = {
    Outcome.ACCEPTED: "Accepted",
    Outcome.ACCEPTED_MISSING: "Accepted, papers to follow",
    Outcome.PRE_ACCEPTED: "Online application taken up",
}
#: Rows left for a pen where the guide names no materials.
BLANK_LINES = 3


@cache
def _chinese() -> Texts:
    return Texts(LOCALE, "zh")


def papers(facts: PaperFacts, copy: CopyOf | None = None) -> tuple[Paper, ...]:
    """All copies of a paper, or the one that is named (none if there is no such copy of this kind)."""
    wording = _Wording(facts)
    return tuple(wording.paper(each) for each in COPIES[facts.kind] if copy in (None, each))


class _Wording:
    """Words one paper."""

    def __init__(self, facts: PaperFacts) -> None:
        self.facts = facts

    def say(self, message: str, /, **fields: object) -> Said:
        """A sentence; fields that are `Said` are put in by language."""
        zh = {name: value.zh if isinstance(value, Said) else value for name, value in fields.items()}
        en = {name: (value.en or value.zh) if isinstance(value, Said) else value for name, value in fields.items()}
        return Said(_chinese()(message, **zh), message.format(**en) if self.facts.english else "")

    def told(self, text: Said) -> Said:
        """A name of the hall; its English only where that is wanted and is another word."""
        return Said(text.zh, text.en if self.facts.english and text.en != text.zh else "")

    def day(self, day: date) -> Said:
        return Said(
            f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}" if self.facts.english else ""
        )

    def time(self, at: datetime) -> Said:
        day = self.day(at.date())
        return Said(f"{day.zh} {at:%H:%M}", f"{day.en}, {at:%H:%M}" if day.en else "")

    def paper(self, copy: CopyOf) -> Paper:
        facts = self.facts
        build = {
            PaperKind.VOUCHER: self.voucher,
            PaperKind.CORRECTION: self.correction,
            PaperKind.REFUSAL: self.refusal,
            PaperKind.RECEIPT: self.receipt,
        }[facts.kind]
        of_case = facts.kind in (PaperKind.VOUCHER, PaperKind.RECEIPT)
        return Paper(
            copy=copy,
            copy_name=self.say(COPY_NAMES[copy]),
            hall=self.told(facts.hall),
            title=self.say(TITLES[facts.kind]),
            number_label=self.say("Acceptance no.") if of_case else self.say("Queue no."),
            number=facts.number,
            mark=self.say("Printed again, no. {n}", n=facts.again) if facts.again > 1 else None,
            parts=tuple(build(copy)),
            foot=self.say("Questions? Ask at the information desk or call 12345"),
        )

    # --- voucher ------------------------------------------------------------------------------------------------------

    def voucher(self, copy: CopyOf) -> Iterator[Part]:
        facts = self.facts
        yield Facts(tuple(self.acceptance()))
        yield from self.handed()
        if facts.lacks:
            yield Listing(self.say("Papers still missing"), self.names(facts.lacks), is_counted=True)
            if facts.promise_on is not None:
                promise = self.say(
                    "I know that the papers above are missing and promise to bring them by {day}. What I hand in is true. "
                    "If I do not bring them in time, I accept that the application may be ended.",
                    day=self.day(facts.promise_on),
                )
                yield Listing(self.say("Written promise"), (promise,))
                yield Signatures((self.say("Signature of who promises"), self.say("Date")))
        if copy is CopyOf.APPLICANT:
            yield Code(
                facts.url,
                self.say("Scan to see how far it is"),
                self.say(
                    "Please keep this paper: it is asked for when the result is fetched, and its code takes a number"
                ),
            )
        yield Signatures((self.say("Applicant's signature"), self.say("Clerk's signature"), self.say("Seal, date")))

    def acceptance(self) -> Iterator[tuple[Said, Said]]:
        facts = self.facts
        yield from self.application()
        way = self.say(WAYS[facts.outcome])
        yield (
            self.say("Accepted as"),
            self.say("{way}, urgent", way=way) if facts.urgent else way,
        )
        if facts.departments:
            yield self.say("Decided by"), Said("、".join(facts.departments))
        if facts.deadline_on is not None:
            yield (
                self.say("Decided until"),
                self.say("{day} ({n} working days)", day=self.day(facts.deadline_on), n=facts.days),
            )
        yield self.say("Result"), self.result()
        if facts.platform:
            yield self.say("Platform no."), Said(facts.platform)
        yield from self.visit()

    def result(self) -> Said:
        facts = self.facts
        if facts.delivery is DeliveryWay.POST:
            if facts.carriers:
                return self.say("By post ({carriers}) to the address given", carriers=Said("、".join(facts.carriers)))
            return self.say("By post to the address given")
        if facts.place.zh:
            return self.say("Fetched at: {place}", place=self.told(facts.place))
        return self.say("Fetched in the hall")

    def handed(self) -> Iterator[Part]:
        facts = self.facts
        heading = self.say("Papers sent in online" if facts.outcome is Outcome.PRE_ACCEPTED else "Papers handed in")
        if facts.handed:
            yield Listing(heading, tuple(map(self.material, facts.handed)), is_counted=True)
        else:
            # The guide names none: the clerk writes down what was handed in.
            yield Listing(heading, (Said("＿" * 16),) * BLANK_LINES, is_counted=True)

    def material(self, paper: Handed) -> Said:
        """As the guide writes it, which is Chinese only."""
        if paper.form:
            told = self.say("{name} ({form}, {n})", name=paper.name, form=paper.form, n=paper.copies)
        else:
            told = self.say("{name} ({n})", name=paper.name, n=paper.copies)
        return Said(told.zh)

    # --- notices ------------------------------------------------------------------------------------------------------

    def correction(self, _: CopyOf) -> Iterator[Part]:
        facts = self.facts
        yield Facts((*self.application(), *self.visit()))
        yield Passage(
            self.say(
                "The papers of this application are not complete or not in due form. By article 32 of the Administrative "
                "Licensing Law you are told now, all at once, what is to be corrected:"
            )
        )
        yield Listing(self.say("To be corrected or brought"), self.names(facts.lacks), is_counted=True)
        advice = [self.say("With these papers the application is taken at: {place}", place=self.told(facts.place))]
        if facts.precheck is not None:
            advice.append(
                self.say(
                    "Have them looked through first at: {place}. That saves a second way",
                    place=self.told(facts.precheck),
                )
            )
        advice.append(self.say("Bring this notice along; what is in order is not asked for again"))
        yield Listing(self.say("How to go on"), tuple(advice), is_counted=True)
        yield self.received()

    def refusal(self, _: CopyOf) -> Iterator[Part]:
        facts = self.facts
        decided = "、".join(facts.departments)
        authority = [(self.say("Refused by"), Said(decided))] if decided else []
        yield Facts((*self.application(), *authority, *self.visit()))
        yield Passage(self.say("Your application was examined. It is decided not to accept it, for this reason:"))
        yield Facts(((self.say("Reason"), self.told(facts.reason)),))
        if facts.note:
            yield Listing(self.say("The reason in detail"), (Said(facts.note),))
        law = self.say("Article 32 of the Administrative Licensing Law")
        yield Listing(self.say("Legal basis"), (law, *self.names((facts.basis,) if facts.basis else ())))
        yield Listing(
            self.say("If you do not agree"),
            (
                self.say(
                    "Within 60 days of receiving this notice you may apply for administrative review, or within 6 months "
                    "bring an action before a people's court."
                ),
            ),
        )
        yield self.received()

    # --- receipt ------------------------------------------------------------------------------------------------------

    def receipt(self, _: CopyOf) -> Iterator[Part]:
        facts, taken = self.facts, self.facts.taken
        assert taken is not None
        yield Facts(tuple(self.application()))
        rows = [
            (self.say("Result"), Said(taken.result)),
            (self.say("Copies"), Said(str(taken.copies))),
            (
                self.say("Handed to"),
                self.say("Somebody the applicant sent") if taken.is_agent else self.say("The applicant"),
            ),
        ]
        if taken.is_agent:
            rows += [
                (self.say("Name of whoever was sent"), Said(taken.agent or "")),
                (self.say("Relation to the applicant"), Said(taken.relation or "")),
                (self.say("Authority shown"), self.told(taken.authority)),
            ]
        rows.append((self.say("Voucher"), self.say(PROOFS.get(taken.proof, PROOFS["other"]))))
        if taken.note:
            rows.append((self.say("Note"), Said(taken.note)))
        rows += [
            (self.say("Handed out by"), Said(facts.clerk)),
            (self.say("Date and time"), self.time(facts.at)),
        ]
        yield Facts(tuple(rows))
        yield Passage(self.say("I have compared the result and received it in the copies named above."))
        yield Signatures(
            (self.say("Signature of who received it"), self.say("Clerk's signature"), self.say("Seal, date"))
        )

    def received(self) -> Signatures:
        return Signatures((self.say("Received by"), self.say("Clerk's signature"), self.say("Seal, date")))

    # --- shared -------------------------------------------------------------------------------------------------------

    def application(self) -> Iterator[tuple[Said, Said]]:
        facts = self.facts
        yield self.say("Item"), self.told(facts.title)
        if facts.code:
            yield self.say("Item code"), Said(facts.code)
        yield self.say("Applicant"), Said(facts.applicant or "")

    def visit(self) -> Iterator[tuple[Said, Said]]:
        facts = self.facts
        where = self.told(facts.window)
        clerk = self.say("{window}, clerk {clerk}", window=where, clerk=facts.clerk) if facts.clerk else where
        yield self.say("Dealt with at"), clerk
        if facts.kind is PaperKind.VOUCHER:
            yield self.say("Queue no."), Said(facts.ticket)
        yield self.say("Date and time"), self.time(facts.at)

    def names(self, papers: tuple[str, ...]) -> tuple[Said, ...]:
        return tuple(Said(paper) for paper in papers)
