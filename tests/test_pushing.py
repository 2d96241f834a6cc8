"""What a push finds on the real server: another push at the same time, an older page, a page that somebody changed."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import schema
from corpus.studio import client, pages
from tests.conftest import TOY
from tests.test_studio import Studio, annotation_files, declare_hand, remove_layers, studio

__all__ = ["studio"]  # the fixture

pytestmark = pytest.mark.studio

Run = Callable[..., tuple[int, str, str]]
WHO = "77aa"
ARTICLES = ("toy_0001", "toy_0002", "toy_0003")
BLANK = ("push", *ARTICLES, "--annotator", WHO)


def standing(studio: Studio) -> Counter[tuple[str, str]]:
    """Project and document, as often as they stand on the server; no title stands twice."""
    projects = list(studio.client.projects.list())
    assert len({one.title for one in projects}) == len(projects), [(one.id, one.title, one.task_number) for one in projects]
    return Counter((one.title, task.data["document"]) for one in projects for task in studio.client.tasks.list(project=one.id))


@pytest.fixture
def hand(toy: Path) -> str:
    declare_hand(toy, WHO)
    return f"CDA {WHO}"


class TestTwoAtOnce:
    def meanwhile(self, monkeypatch: pytest.MonkeyPatch, name: str, run: Callable[[], Any], *, after: bool = False) -> None:
        """Another push, from beginning to end, before (or after) this one first does that."""
        whole, others = getattr(client, name), iter([run])

        def interrupted(*args: Any) -> Any:
            found = whole(*args) if after else None
            for other in others:
                assert other()[0] == 0
            return found if after else whole(*args)

        monkeypatch.setattr(client, name, interrupted)

    @pytest.mark.parametrize("words", [BLANK, ("push",)])
    @pytest.mark.parametrize(("name", "after"), [("_projects", True), ("_there", True), ("_send", False), ("_send", True)])
    def test_at_each_step(
        self, corpus: Run, hand: str, studio: Studio, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], name: str, after: bool
    ) -> None:
        """Both find nothing there, and both send."""
        monkeypatch.setattr(client, "BATCH", 1)
        self.meanwhile(monkeypatch, name, lambda: corpus(*words), after=after)
        code, out, err = corpus(*words)
        assert (code, err) == (0, ""), out
        assert set(standing(studio).values()) == {1}
        assert {document for _, document in standing(studio)} == set(ARTICLES)
        assert " 0 tasks sent" in corpus(*words)[1]

    def test_what_somebody_began_in_the_meantime_stays(
        self, corpus: Run, hand: str, studio: Studio, monkeypatch: pytest.MonkeyPatch, toy: Path
    ) -> None:
        """The annotator has submitted one copy, and has a draft in another, before the push that sent them tidies up."""
        assert corpus(*BLANK)[0] == 0
        (project,) = studio.client.projects.list()
        first = {task.data["document"]: task for task in studio.client.tasks.list(project=project.id, fields="all")}
        again = [{"data": first[name].data} for name in ARTICLES for _ in range(2)]
        studio.client.projects.import_tasks(project.id, request=again, request_options={"max_retries": 0})
        copies = sorted(task.id for task in studio.client.tasks.list(project=project.id) if task.data["document"] == "toy_0001")
        studio.client.annotations.create(copies[1], result=[])
        path = f"/api/tasks/{copies[2]}/drafts"
        drafted = studio.client._client_wrapper.httpx_client.request(path, method="POST", json={"result": [], "lead_time": 1.0})
        assert drafted.status_code == 201
        code, out, _ = corpus(*BLANK)
        assert (code, "1 of the articles stand twice there with work on both" in out) == (0, True), out
        assert standing(studio) == {(hand, "toy_0001"): 3, (hand, "toy_0002"): 1, (hand, "toy_0003"): 1}
        assert {task.id for task in studio.client.tasks.list(project=project.id)} == {*copies, *(first[name].id for name in ARTICLES)}

    def test_as_processes(self, corpus: Run, toy: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        command = [sys.executable, "-m", "corpus", "-C", str(toy), "push", "-q"]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) for _ in range(3)]
        said = [one.communicate(timeout=120)[1] for one in running]
        assert [one.returncode for one in running] == [0, 0, 0], said
        assert corpus("push")[0] == 0
        assert standing(studio) == Counter((f"CDA {path.split('/')[2][:-5]}", path.split("/")[1]) for path in annotation_files(TOY))
        remove_layers(toy)
        assert corpus("pull")[1].splitlines()[-1] == "5 tasks: 5 changed"
        assert annotation_files(toy) == annotation_files(TOY)


class TestPage:
    OLD = schema.labelling_page().replace("<Label ", "<!-- as it was -->\n<Label ", 1)

    @pytest.fixture
    def project(self, studio: Studio, hand: str, monkeypatch: pytest.MonkeyPatch) -> Any:
        known = pages.known()
        monkeypatch.setattr(pages, "known", lambda: [("labels", pages.fingerprint(self.OLD)), *known])
        return studio.client.projects.create(title=hand, label_config=self.OLD)

    def page(self, studio: Studio) -> str:
        (project,) = studio.client.projects.list()
        return str(project.label_config).strip()

    def test_an_earlier_one_of_ours_becomes_todays(self, corpus: Run, studio: Studio, project: Any) -> None:
        code, out, _ = corpus(*BLANK)
        assert (code, out) == (
            0,
            f"{WHO}: 3 tasks sent, 0 there already\n'CDA {WHO}' has today's labelling page now; load it again in the browser\n",
        )
        assert self.page(studio) == schema.labelling_page().strip()
        assert corpus(*BLANK)[1] == f"{WHO}: 0 tasks sent, 3 there already\n"

    def test_one_that_somebody_changed_stays(self, corpus: Run, studio: Studio, project: Any) -> None:
        mine = self.OLD.replace("as it was", "as I like it")
        studio.client.projects.update(project.id, label_config=mine)
        for _ in range(2):
            code, out, _ = corpus(*BLANK)
            assert (code, f"the labelling page of 'CDA {WHO}' was changed on the server" in out) == (0, True), out
        assert self.page(studio) == mine.strip()

    def test_one_that_the_annotations_still_need_stays(
        self, corpus: Run, studio: Studio, project: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        more = schema.labelling_page().replace("<Label ", '<Label value="rumour"/>\n<Label ', 1)
        known = pages.known()
        monkeypatch.setattr(pages, "known", lambda: [("labels", pages.fingerprint(more)), *known])
        studio.client.projects.update(project.id, label_config=more)
        assert corpus(*BLANK)[0] == 0
        assert self.page(studio) == schema.labelling_page().strip()  # nothing needs the old one yet
        studio.client.projects.update(project.id, label_config=more)
        (first, *_) = studio.client.tasks.list(project=project.id)
        value = {"start": 0, "end": 3, "text": "x", "labels": ["rumour"]}
        row = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
        studio.client.annotations.create(first.id, result=[row])
        code, out, _ = corpus(*BLANK)
        assert (code, f"'CDA {WHO}' keeps its old labelling page" in out) == (0, True), out
        assert self.page(studio) == more.strip()

    def test_a_new_project_has_todays(self, corpus: Run, studio: Studio, hand: str) -> None:
        assert corpus(*BLANK)[1] == f"{WHO}: 3 tasks sent, 0 there already\n"
        assert self.page(studio) == schema.labelling_page().strip()
