"""Label Studio's labelling page, worked with mouse and keyboard as a person does. Words are found where they stand on the screen."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus import schema, tasks
from corpus.studio.server import Server

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
KEYS = {"claim": "1", "denial": "2", "content": "3", "source": "4", "cue": "5", "fragment": "6"}

_PAGE = ET.fromstring(schema.labelling_page())
ANSWERS = {(of.get("name"), one.get("value")): one.get("hotkey", "") for of in _PAGE.iter("Choices") for one in of.iter("Choice")}

TEXT = ".article .lsf-richtext__container"
REGIONS = ".lsf-tree__node_type_richtextregion"
TAKEN = ".lsf-label_selected"
RELATIONS = ".lsf-relations__item"

# The page shows a line end as <br>; a range from the first to the last character of the words, wherever highlights cut the text.
_RANGE = """
const range = (box, words) => {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const places = [];
  let flat = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) [...Array(node.length).keys()].forEach((at) => places.push([node, at]));
    else if (node.tagName === "BR") places.push(null);
    flat += node.nodeType === Node.TEXT_NODE ? node.data : node.tagName === "BR" ? "\\n" : "";
  }
  const at = flat.indexOf(words);
  if (at < 0) return null;
  if (flat.indexOf(words, at + 1) >= 0) throw new Error("not once on the screen: " + words);
  const [first, start] = places[at], [last, end] = places[at + words.length - 1];
  const found = document.createRange();
  found.setStart(first, start);
  found.setEnd(last, end + 1);
  return found;
};"""
# Null as long as the page is drawing the text anew, which it may do after any step.
_EDGES = f"""([selector, words]) => {{ {_RANGE}
  const box = document.querySelector(selector);
  if (!box || !box.getClientRects().length) return null;
  const whole = range(box, words);
  if (!whole) return null;
  const rect = (node, at) => {{
    const one = document.createRange();
    one.setStart(node, at);
    one.setEnd(node, at + 1);
    return one.getClientRects()[0];
  }};
  const first = rect(whole.startContainer, whole.startOffset), last = rect(whole.endContainer, whole.endOffset - 1);
  if (!first || !last) return null;
  // On which side of a character its start is, depends on the direction of its run: asked of the browser, as a person's eye would.
  const side = (one, node, at) => {{
    const down = one.top + one.height / 2;
    const there = [one.left + 1, one.right - 1].find((across) => {{
      const caret = document.caretRangeFromPoint(across, down);
      return caret && caret.startContainer === node && caret.startOffset === at;
    }});
    return there;
  }};
  return [
    side(first, whole.startContainer, whole.startOffset) ?? first.left + 1, first.top + first.height / 2,
    side(last, whole.endContainer, whole.endOffset) ?? last.right - 1, last.top + last.height / 2,
  ];
}}"""


@contextmanager
def browser(chromium: str) -> Iterator[Any]:
    """A page in a Chromium of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield started.new_page(viewport={"width": 1400, "height": 1000})
        finally:
            started.close()


def log_in(page: Any, server: Server) -> None:
    """As the owner of a server; once is enough for a browser."""
    page.goto(f"{server.url}/user/login/")
    if "/user/login" in page.url:
        page.fill("input[name=email]", server.email)
        page.fill("input[name=password]", server.password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/user/login" not in url)


class Labelling:
    """One task, open in the browser of somebody who logged in."""

    def __init__(self, page: Any, server: Server, project: int, task: int) -> None:
        log_in(page, server)
        page.goto(f"{server.url}/projects/{project}/data?task={task}")
        self._begin(page)

    @classmethod
    def opened(cls, page: Any) -> "Labelling":
        """The task that the page shows already."""
        self = cls.__new__(cls)
        self._begin(page)
        return self

    def _begin(self, page: Any) -> None:
        self.page = page
        self.text = page.locator(TEXT)
        self.text.wait_for()
        self._wake()

    def mark(self, label: str, words: str, *, backwards: bool = False) -> str:
        """Press the label's key and drag over the words, or from their end to their start; what the screen showed as selected.

        A page that has just opened may forget the drag, where the machine is busy; a person sees that, and loads the page again.
        """
        from playwright.sync_api import TimeoutError as NotYet

        for _ in range(3):
            self._take(label)
            shown = self._drag(words, backwards=backwards)
            try:
                self._has(REGIONS, self._regions + 1, timeout=10_000)
            except NotYet:
                if not self.page.locator(REGIONS).count():
                    self.page.reload()
                    self._begin(self.page)
                continue
            return shown
        raise AssertionError(f"nothing was marked: {words}")

    def _drag(self, words: str, *, backwards: bool) -> str:
        across, down, to_across, to_down = self.page.wait_for_function(_EDGES, arg=[TEXT, words]).json_value()
        if backwards:
            across, down, to_across, to_down = to_across, to_down, across, down
        self.page.mouse.move(across, down)
        self.page.mouse.down()
        self.page.mouse.move((across + to_across) / 2, to_down)
        self.page.mouse.move(to_across, to_down)
        shown = self._selected()
        self.page.mouse.up()
        return shown

    def release(self) -> None:
        """Escape: no label is taken and no region picked."""
        self.page.keyboard.press("Escape")
        self.page.locator(TAKEN).wait_for(state="detached")

    def pick(self, words: str) -> None:
        """Click on a region in the text."""
        self.release()
        self._region(words).click()
        self.page.locator(".htx-highlight.__active").first.wait_for()

    def choose(self, words: str, *values: str) -> None:
        """Pick a region, then answer questions."""
        self.pick(words)
        for value in values:
            self._choice(value).click()

    def answer(self, words: str, **values: str) -> None:
        """Pick a region, then answer its questions by their keys."""
        self.pick(words)
        for name, value in values.items():
            self.page.keyboard.press(ANSWERS[name, value])
            self.page.locator(f"label:has(input[name='{value}']:checked)").first.wait_for()

    def decide(self, words: str, verdict: str | None, rule: str, *, nth: int = 0) -> None:
        """On the adjudicator's page: pick a region, keep or drop it, name the rule."""
        self.page.locator(REGIONS, has_text=words).nth(nth).click()
        if verdict:
            self._choice(verdict).click()
        field = self.page.locator(".question", has_text="By which rule?").get_by_test_id("textarea-input")
        field.fill(rule)
        field.press("Enter")
        field.blur()

    def name(self, words: str, name: str) -> None:
        """Pick a source, then write its fullest name."""
        self.pick(words)
        field = self.page.get_by_test_id("textarea-input")
        field.fill(name)
        field.press("Enter")

    def asked(self) -> set[str]:
        """The attributes that the page asks for now."""
        shown = {name for name, values in tasks.CHOICES.items() if all(self._choice(value).is_visible() for value in values)}
        return shown | ({tasks.WORDS} if self.page.get_by_test_id("textarea-input").is_visible() else set())

    def relate(self, first: str, second: str, name: str) -> None:
        """Pick a region, Alt+R, click on the other, give the relation its name."""
        self.page.locator("#Relations-draggable").click()
        relations = self.page.locator(RELATIONS)
        before = relations.count()
        self.pick(first)
        self.page.keyboard.press("Alt+r")
        self._region(second).click()
        self._has(RELATIONS, before + 1)
        drawn = relations.nth(before)
        drawn.hover()
        drawn.get_by_label("Show Relation Labels").click()
        drawn.get_by_test_id("select-trigger-").click()
        self.page.get_by_test_id(f"select-option-{name}").click()
        self.page.keyboard.press("Escape")
        drawn.get_by_test_id("select-display-value").get_by_text(name, exact=True).wait_for()

    def submit(self, *, by_keyboard: bool) -> None:
        """Ctrl+Enter or the button; done when the server has stored it."""
        with self.page.expect_response(lambda one: one.request.method == "POST" and "/annotations" in one.url) as stored:
            if by_keyboard:
                self.page.keyboard.press("Escape")
                self.page.keyboard.press("Control+Enter")
            else:
                self.page.get_by_test_id("bottombar-submit-button").click()
        assert stored.value.status == 201

    def _take(self, label: str) -> None:
        self.page.locator("#Regions-draggable").click()
        self._regions = self.page.locator(REGIONS).count()
        self.release()
        self._press(KEYS[label], self.page.locator(TAKEN, has_text=label))

    def _wake(self) -> None:
        """The page shows its text a moment before it listens to keys."""
        self._press(KEYS["claim"], self.page.locator(TAKEN))

    def _press(self, key: str, wanted: Any) -> None:
        """Until the page has heard it: it may still draw itself anew, and forget."""
        from playwright.sync_api import TimeoutError as NotYet

        for _ in range(30):
            self.page.keyboard.press(key)
            try:
                return wanted.wait_for(timeout=1000)
            except NotYet:
                continue
        raise AssertionError("the page does not listen to keys")

    def _selected(self) -> str:
        shown: str = self.page.evaluate("getSelection().toString()")
        return shown

    def _has(self, what: str, number: int, *, timeout: int = 30_000) -> None:
        there = "([what, number]) => document.querySelectorAll(what).length === number"
        self.page.wait_for_function(there, arg=[what, number], timeout=timeout)

    def _region(self, words: str) -> Any:
        return self.page.locator(".htx-highlight", has_text=words).first

    def _choice(self, value: str) -> Any:
        return self.page.locator(f"label:has(input[name='{value}'])")
