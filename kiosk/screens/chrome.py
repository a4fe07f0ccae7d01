"""What stands on every page at the same place: header, title, navigation, control bar, idle warning."""

from functools import lru_cache
from typing import Any

from kivy.core.image import Texture
from kivy.uix.widget import Widget

from kiosk import art
from kiosk.flow import next_language
from kiosk.frame import BAR_SLOTS, GAP_MM, Box
from kiosk.journeys.rating import is_number
from kiosk.pagebook import PAGE, idle_left, page_count
from kiosk.screens.parts import Picture, Plain, PushButton, Surface, Tappable, Text, place, texture_of
from kiosk.screens.view import View
from kiosk.state import Paper, Screen, Target
from kiosk.theme import Colour, Look, Scale, Style
from kiosk.wording import OWN_NAME, scale_name, title, today


@lru_cache(maxsize=6)
def _header_texture(width: int, height: int, colours: tuple[str, ...]) -> Texture:
    return texture_of(art.header(width, height, *colours))


@lru_cache(maxsize=6)
def _shore_texture(width: int, height: int, colours: tuple[str, ...]) -> Texture:
    return texture_of(art.shore(width, height, *colours))


class Backdrop(Widget):
    """The page's ground, with still water at its foot."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, stage = view.look, view.look.stage
        ground = Plain(rgba=look.colour(Colour.PAGE))
        self.add_widget(place(ground, Box(0, 0, stage.width_px, stage.height_px)))
        if not look.has_high_contrast:
            height = round(view.frame.content.y + look.px(18))
            colours = (look.palette[Colour.PAGE], look.palette[Colour.PAGE_WAVE])
            water = Picture(texture=_shore_texture(stage.width_px, height, colours))
            self.add_widget(place(water, Box(0, 0, stage.width_px, height)))


class Header(Widget):
    """Whose hall this is, and its time."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, chrome, box = view.look, view.frame.chrome, view.frame.header
        palette = look.palette
        if look.has_high_contrast:
            self.add_widget(place(Plain(rgba=look.colour(Colour.HEADER)), box))
            line = Box(box.x, box.y, box.width, max(2, look.px(0.8)))
            self.add_widget(place(Plain(rgba=look.colour(Colour.ON_HEADER_SOFT)), line))
        else:
            colours = tuple(palette[c] for c in (Colour.HEADER_DEEP, Colour.HEADER, Colour.HEADER_WAVE, Colour.PAGE))
            texture = _header_texture(round(box.width), round(box.height), colours)
            self.add_widget(place(Picture(texture=texture), box))
        ink, soft = Colour.ON_HEADER, Colour.ON_HEADER_SOFT
        has_second = view.frame.has_subtitles
        self.name = Text(chrome, Style.HALL, colour=ink, lines=1)
        self.second = Text(chrome, Style.SMALL, colour=soft, lines=1)
        self.clock = Text(chrome, Style.CLOCK, colour=ink, align="right", lines=1)
        self.day = Text(chrome, Style.SMALL, colour=soft, align="right", lines=1)
        px = look.px
        margin, foot = px(12), box.height * 0.14
        clock_w = box.width * (0.30 if has_second else 0.42)
        top = Box(box.x + margin, box.y + foot, box.width - 2 * margin - clock_w - px(4), box.height - foot - px(1.5))
        side = Box(box.right - margin - clock_w, top.y, clock_w, top.height)
        if has_second:
            upper = chrome.type_px(Style.CLOCK) * 1.3
            lower = chrome.type_px(Style.SMALL) * 1.3
            base = top.y + (top.height - upper - lower) / 2
            for words, times in ((self.name, self.clock),):
                place(words, Box(top.x, base + lower, top.width, upper))
                place(times, Box(side.x, base + lower, side.width, upper))
            place(self.second, Box(top.x, base, top.width, lower))
            place(self.day, Box(side.x, base, side.width, lower))
        else:
            place(self.name, top)
            clock_only = side.width * 0.40
            place(self.clock, Box(side.right - clock_only, side.y, clock_only, side.height))
            place(self.day, Box(side.x, side.y, side.width - clock_only - px(3), side.height))
        for child in (self.name, *((self.second,) if has_second else ()), self.clock, self.day):
            self.add_widget(child)
        self.corner = Corner(look)
        reach = px(26)
        self.add_widget(place(self.corner, Box(0, box.top - reach, reach, reach)))

    def show(self, view: View) -> None:
        """Bring hall and clock up to date."""
        hall = view.state.hall
        if hall is not None:
            self.name.text = hall.name.to(view.look.language)
            self.second.text = hall.name.to(view.other_language)
            self.clock.text = f"{view.hall_now:%H:%M}"
            self.day.text = today(view.hall_now, view.texts)


class Corner(Tappable):
    """The hidden way for staff: looks like nothing."""

    is_hidden = True

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.CORNER, edge=None)
        self.up_dress = (Colour.HEADER, None, 0)
        self.fill_rgba = (0, 0, 0, 0)

    def _press(self, *_: object) -> None:
        """Show nothing."""


class TitleLine(Widget):
    """The page's title, in this visitor's language and small in the other."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.first = Text(view.frame.chrome, Style.TITLE, lines=1)
        self.add_widget(self.first)

    def show(self, view: View) -> None:
        """Bring the title up to date."""
        has_cards = PAGE[view.state.screen].grid is not None
        place(self.first, view.frame.title if has_cards else view.frame.story_title)
        self.first.text = title(view.state, view.texts)


class Navigation(Widget):
    """Back on the left, the pages in the middle, the page's own way on the right."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, chrome, box, px = view.look, view.frame.chrome, view.frame.nav, view.look.px
        texts = view.texts
        side = min(box.width * 0.28, px(66) if chrome.scale is Scale.NORMAL else px(84))
        square = box.height
        self.back = PushButton(chrome, Target.BACK, texts("Back"), icon="back")
        self.search = PushButton(chrome, Target.SEARCH, texts("Search"), icon="search")
        self.ways: dict[Screen, PushButton] = {
            Screen.ARRIVAL: PushButton(chrome, Target.CARD, texts("ID card"), icon="card"),
            Screen.NUMBER: PushButton(chrome, Target.NUMBER, texts("Next"), icon="forward", is_action=True),
            Screen.POINTS: PushButton(chrome, Target.SEND, texts("Send"), icon="check", is_action=True),
        }
        self._words = {way: way.label.text for way in self.ways.values()}
        self.done = PushButton(chrome, Target.DONE, icon="check", is_action=True)
        self.reprint = PushButton(chrome, Target.REPRINT, texts("Print again"), icon="printer")
        self.previous = PushButton(chrome, Target.PREVIOUS, icon="back")
        self.next = PushButton(chrome, Target.NEXT, icon="forward")
        self.count = Text(chrome, Style.BODY, align="center", lines=1, is_bold=True)
        self.again = PushButton(look, Target.AGAIN, icon="voice")
        place(self.again, Box(box.right - square, box.y, square, box.height))
        self._side, self._box, self._pager = side, box, view.frame.pager
        self._parts: tuple[Any, ...] = (
            self.back,
            self.search,
            *self.ways.values(),
            self.done,
            self.reprint,
            self.previous,
            self.next,
            self.count,
            self.again,
        )

    def show(self, view: View) -> None:
        """Put up what this page needs, each thing always at its own place."""
        state, taps, px, box = view.state, PAGE[view.state.screen].taps, view.look.px, self._box
        is_heard = state.prefs.has_voice and Target.AGAIN in taps
        pages = page_count(state, view.rules) if Target.NEXT in taps else 1
        right = box.right - (box.height + px(GAP_MM) if is_heard else 0)
        wanted: list[Any] = []
        if Target.BACK in taps:
            wanted.append(self.back)
        if is_heard:
            wanted.append(self.again)
        is_home = state.screen is Screen.HOME
        has_search = Target.SEARCH in taps and not is_home and _needs_search(view)
        way = self._way(view)
        if way is not None:
            wanted.append(way)
            right = self._place_way(way, view, right, has_pager=pages > 1)
        left_end, right_start = self._place_sides(view, right, has_search=has_search, has_pager=pages > 1)
        if is_home and not view.frame.is_portrait:
            left_end = view.frame.home_deck.right + px(GAP_MM)
        if has_search:
            wanted.append(self.search)
        if state.paper in (Paper.PRINTED, Paper.LATE, Paper.TROUBLE):
            wanted += self._place_done(view, right)
        if pages > 1:
            self._place_pager(view, left_end, right_start)
            self.previous.is_inert, self.next.is_inert = state.page == 0, state.page >= pages - 1
            self.previous.opacity = 0.35 if self.previous.is_inert else 1
            self.next.opacity = 0.35 if self.next.is_inert else 1
            self.count.text = f"{state.page + 1} / {pages}"
            wanted += [self.previous, self.count, self.next]
        for part in self._parts:
            if (part in wanted) != (part.parent is self):
                self.add_widget(part) if part in wanted else self.remove_widget(part)

    def _way(self, view: View) -> PushButton | None:
        """The page's own way on, at the right."""
        state = view.state
        way = self.ways.get(state.screen)
        if way is None or (state.screen is Screen.ARRIVAL and not view.rules.has_reader):
            return None
        way.is_inert = state.screen is Screen.NUMBER and not is_number(state.typed)
        way.opacity = 0.35 if way.is_inert else 1
        return way

    def _place_way(self, way: PushButton, view: View, right: float, *, has_pager: bool) -> float:
        """The way on stands at the right; the pager keeps its room and Back its picture. Gives what is left."""
        box, gap, width = self._box, view.look.px(GAP_MM), self._side
        if has_pager:
            width = min(width, right - box.x - 2 * self._pager[0] - self._pager[1] - box.height - 2 * gap)
        # Where a word has no room the picture stands alone, as on Back.
        is_wordless = width < box.height * 1.5
        width = box.height if is_wordless else width
        way.label.text = "" if is_wordless else self._words[way]
        place(way, Box(right - width, box.y, width, box.height))
        return right - width - gap

    def _place_done(self, view: View, right: float) -> list[Any]:
        """The way on from a ticket: one wide button; beside it another print where the paper failed."""
        state, texts, box, gap = view.state, view.texts, self._box, view.look.px(GAP_MM)
        if state.paper is Paper.PRINTED:
            left = idle_left(state, view.now, view.rules)
            self.done.label.text = texts("Done ({n})", n=round(left)) if left is not None else texts("Done")
            place(self.done, Box(box.x, box.y, right - box.x, box.height))
            return [self.done]
        half = (right - box.x - gap) / 2
        self.done.label.text = texts("I have noted it")
        if state.paper is Paper.LATE:
            place(self.done, Box(box.x, box.y, right - box.x, box.height))
            return [self.done]
        place(self.reprint, Box(box.x, box.y, half, box.height))
        place(self.done, Box(box.x + half + gap, box.y, half, box.height))
        return [self.reprint, self.done]

    def _place_sides(self, view: View, right: float, *, has_search: bool, has_pager: bool) -> tuple[float, float]:
        """Back at the left, search at the right (where there is no Back, at the left); words go where room is short."""
        box, gap, texts = self._box, view.look.px(GAP_MM), view.texts
        has_back = Target.BACK in PAGE[view.state.screen].taps
        square, figures = self._pager
        room = right - box.x - (2 * square + figures + 2 * gap if has_pager else gap)
        back_w = search_w = self._side
        if has_back and has_search and back_w + search_w > room:
            search_w = box.height
        if has_back and has_search and back_w + search_w > room:
            back_w = box.height
        if has_back and not has_search and back_w > room:
            back_w = box.height
        self.back.label.text = texts("Back") if back_w > box.height else ""
        self.search.label.text = texts("Search") if search_w > box.height else ""
        place(self.back, Box(box.x, box.y, back_w, box.height))
        place(self.search, Box(right - search_w if has_back else box.x, box.y, search_w, box.height))
        left_w = back_w if has_back else search_w if has_search else 0
        right_w = search_w if has_back and has_search else 0
        return box.x + left_w + (gap if left_w else 0), right - right_w - (gap if right_w else 0)

    def _place_pager(self, view: View, left_end: float, right_start: float) -> None:
        """The pager stands in the middle of the page, or between its neighbours where these reach so far."""
        box = self._box
        square, figures = self._pager
        width = 2 * square + figures
        start = min(max(left_end, box.x + box.width / 2 - width / 2), right_start - width)
        place(self.previous, Box(start, box.y, square, box.height))
        place(self.count, Box(start + square, box.y, figures, box.height))
        place(self.next, Box(start + square + figures, box.y, square, box.height))


def _needs_search(view: View) -> bool:
    """Search where there is more than one page of services."""
    hall = view.state.hall
    return hall is not None and sum(len(zone.services) for zone in hall.zones) > 8


class ControlBar(Widget):
    """Home, language, size, contrast, reach, voice: always here, on every page."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, chrome, frame, texts = view.look, view.frame.chrome, view.frame, view.texts
        box, gap, rows = frame.bar, look.px(frame.bar_gap), frame.bar_rows
        columns = BAR_SLOTS // rows
        width = (box.width - gap * (columns - 1)) / columns
        height = (box.height - gap * (rows - 1)) / rows
        named = (
            (Target.HOME, texts("Home"), "home"),
            (Target.LANGUAGE, OWN_NAME.get(next_language(view.state), ""), "language"),
            (Target.SCALE, scale_name(look.scale, texts), "scale"),
            (Target.CONTRAST, texts("Contrast"), "contrast"),
            (Target.LOW, texts("Lower"), "low"),
            (Target.VOICE, texts("Voice"), "voice"),
        )
        self.buttons: dict[Target, PushButton] = {}
        for i, (target, name, icon) in enumerate(named):
            shown = None if frame.bar_icons == "none" else icon
            button = PushButton(chrome, target, name, icon=shown, icon_at=frame.bar_icons, style=Style.SMALL)
            cell = Box(
                box.x + (i % columns) * (width + gap), box.top - height - (i // columns) * (height + gap), width, height
            )
            self.add_widget(place(button, cell))
            self.buttons[target] = button

    def show(self, view: View) -> None:
        """Show what is switched on, and hide what this page does not allow."""
        prefs, taps = view.state.prefs, PAGE[view.state.screen].taps
        chosen = {
            Target.SCALE: prefs.scale is not Scale.NORMAL,
            Target.CONTRAST: prefs.has_high_contrast,
            Target.LOW: prefs.has_low_controls,
            Target.VOICE: prefs.has_voice,
        }
        is_hidden = not taps & set(self.buttons)
        for target, button in self.buttons.items():
            if is_hidden == (button.parent is self):
                self.remove_widget(button) if is_hidden else self.add_widget(button)
            # What this page does not allow keeps its place, so that nothing jumps under a finger.
            button.is_inert = target not in taps
            button.opacity = 0.35 if button.is_inert else 1
            button.choose(chosen.get(target, False))


class Warning(Widget):
    """Asks whether somebody is still there, with the seconds left; one tap anywhere stays."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, stage, px, texts = view.look, view.look.stage, view.look.px, view.texts
        veil = Plain(rgba=look.colour(Colour.VEIL, 0.86 if look.has_high_contrast else 0.55))
        self.add_widget(place(veil, Box(0, 0, stage.width_px, stage.height_px)))
        self.anywhere = Anywhere(look)
        self.add_widget(place(self.anywhere, Box(0, 0, stage.width_px, stage.height_px)))
        width = min(stage.width_px - px(24), px(300))
        button_h = max(px(26), look.type_px(Style.BODY) * 1.3 + px(10))
        text_h = look.type_px(Style.TITLE) * 1.35
        figure_h = look.type_px(Style.FIGURE) * 1.35
        height = min(px(24) + button_h + text_h * 2 + figure_h, stage.height_px - px(8))
        y = px(30) if view.look.has_low_controls else (stage.height_px - height) / 2
        y = min(y, stage.height_px - height - px(8))
        panel = Box((stage.width_px - width) / 2, y, width, height)
        self.add_widget(place(Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=7), panel))
        inner, x = panel.width - px(16), panel.x + px(8)
        question = Text(look, Style.TITLE, texts("Are you still there?"), align="center", lines=2)
        self.add_widget(place(question, Box(x, panel.top - px(7) - text_h, inner, text_h)))
        self.seconds = Text(look, Style.FIGURE, align="center", lines=1)
        self.add_widget(place(self.seconds, Box(x, panel.top - px(7) - text_h - figure_h, inner, figure_h)))
        self.fate = Text(look, Style.SMALL, texts("Then this page closes, for your privacy"), Colour.INK_SOFT, "center")
        self.add_widget(place(self.fate, Box(x, panel.y + px(11) + button_h, inner, text_h)))
        half = (inner - px(GAP_MM)) / 2
        self.leave = PushButton(look, Target.LEAVE, texts("I am done"))
        self.stay = PushButton(look, Target.STAY, texts("Go on"), icon="check", is_action=True)
        self.add_widget(place(self.leave, Box(x, panel.y + px(8), half, button_h)))
        self.add_widget(place(self.stay, Box(x + half + px(GAP_MM), panel.y + px(8), half, button_h)))

    def show(self, view: View) -> None:
        """Count down."""
        left = idle_left(view.state, view.now, view.rules)
        self.seconds.text = view.texts("{n} s", n=max(0, round(left or 0)))


class Anywhere(Tappable):
    """The whole glass: any touch during the warning stays."""

    is_hidden = True

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.STAY, edge=None)
        self.fill_rgba = (0, 0, 0, 0)

    def _press(self, *_: object) -> None:
        """Show nothing."""
