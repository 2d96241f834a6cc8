"""Pairs across articles: does this statement deny that claim, in another article?

examples:  corpus pairs push --annotator 4b22             what the registry says of its claims, to be judged blind
           corpus pairs push varn-flood --annotator 4b22 --stories   one claim, and every denial of its story
           corpus pairs push --annotator 4b22 --out tasks.json       for a server of your own
           corpus pairs pull                              answers become annotations/claims/judgements/<annotator>.json
           corpus pairs pull export.json
           corpus pairs settle --write                    what two annotators found and none disputes enters the registry
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from corpus import audit, codec, intake, store
from corpus.cli.connecting import connection
from corpus.cli.push_command import write_tasks
from corpus.cli.studio_command import home_of
from corpus.cli.terminal import count, detail, progress, report, say, waiting, with_examples_of
from corpus.intake import Arrived
from corpus.judgement import Pair
from corpus.locate import all_located
from corpus.merge import Decision
from corpus.model import Holdings
from corpus.pairs import page, settling
from corpus.pairs.candidates import candidates
from corpus.pairs.intake import take
from corpus.pairs.settling import Finding
from corpus.problems import CorpusError
from corpus.studio import client, memory


def register(command: argparse.ArgumentParser) -> None:
    """Declare the three steps and their options."""
    steps = command.add_subparsers(dest="step", metavar="STEP", required=True, parser_class=with_examples_of(command))
    push = steps.add_parser("push", help="send pairs to an annotator")
    push.add_argument("claims", nargs="*", metavar="CLAIM", help="claims of the registry (default: all)")
    push.add_argument("--annotator", metavar="A", required=True, help="who judges them")
    push.add_argument("--stories", action="store_true", help="every other denial of the same story, too")
    push.add_argument("--out", type=Path, metavar="FILE", help="write the tasks to a file instead")
    pull = steps.add_parser("pull", help="bring the answers back")
    pull.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a JSON export (default: ask the server)")
    pull.add_argument("--overwrite", action="store_true", help="where an answer changed here and there, take the server's")
    settle = steps.add_parser("settle", help="what the answers say of the registry")
    settle.add_argument("--least", type=int, default=2, metavar="N", help="annotators that make a finding (default: 2)")
    settle.add_argument("--write", action="store_true", help="enter the memberships that are found")


def run(args: argparse.Namespace) -> int:
    """Push, pull or settle."""
    return {"push": _push, "pull": _pull, "settle": _settle}[args.step](args)


def _push(args: argparse.Namespace) -> int:
    stored = store.read(store.find_root(args.root))
    if problems := sorted(set(audit.of_layers_and_records(stored))):
        report(problems)
        raise CorpusError(f"{count(len(problems), 'problem')} in the repository; nothing was sent")
    made = [page.to_task(pair, stored.holdings, args.annotator) for pair in _wanted(args, stored.holdings)]
    if not made:
        say(args, "nothing to judge: no claim of the registry has its texts here and an answer in another article")
        return 0
    if args.out:
        return write_tasks(args, made, "pair")
    with progress(args, f"pushing to {args.annotator}", len(made)) as told:
        done = client.push(connection(stored.root), page.PROJECT + args.annotator, made, page.labelling_page(), told)
    say(args, f"{args.annotator}: {count(len(done.sent), 'pair')} sent, {len(done.there)} there already")
    for note in done.notes:
        say(args, note)
    return 0


def _wanted(args: argparse.Namespace, holdings: Holdings) -> list[Pair]:
    annotator = holdings.annotators.get(args.annotator)
    if annotator is None or annotator.kind == "adjudicator":
        raise CorpusError(f"{args.annotator!r} is no annotator of annotations/annotators.json")
    unknown = sorted(set(args.claims) - {one.id for one in holdings.registry.values()})
    if unknown:
        raise CorpusError(f"there is no claim {unknown[0]!r} in {store.CLAIMS}")
    found = candidates(holdings, claims=args.claims, stories=args.stories)
    there = [one for one in found if all(holdings.documents[name].text is not None for name in one.documents)]
    if len(there) < len(found):
        say(args, f"{count(len(found) - len(there), 'pair')} left out, for a text is not here (corpus hydrate)")
    return there


def _pull(args: argparse.Namespace) -> int:
    stored = store.read(store.find_root(args.root))
    arrived = list(intake.of_files(args.files)) if args.files else _of_server(args, stored.root)
    answers = [(one.where, one.pointer, page.answered(one.task, one.where, one.pointer)) for one in arrived]
    home = home_of(stored.root)
    taken = take(stored.holdings, answers, memory.read(home), overwrite=args.overwrite)
    for held in taken.judgements:
        if store.write_judgements(stored.root, held):
            say(args, f"changed {store.judgements_path(held.annotator)}")
    memory.write(home, taken.met)
    for name, decision in taken.decisions:
        detail(args, f"{decision} {name}")
    tally = Counter(decision for _, decision in taken.decisions)
    outcome = ", ".join(f"{tally[decision]:,} {decision}" for decision in get_args(Decision) if tally[decision])
    say(args, f"{count(len(arrived), 'pair')}: {outcome or 'no answer yet'}")
    return report(all_located(taken.problems, lambda where: Path(where).read_bytes() if where in map(str, args.files) else None))


def _of_server(args: argparse.Namespace, root: Path) -> list[Arrived]:
    reached = connection(root)
    with waiting(args, f"pulling from {reached.url}"):
        projects = list(client.pull(reached, lambda name: name.startswith(page.PROJECT)))
    named = [(f"project {client.TITLE}{name}, task {task.get('id')}", task) for name, tasks in projects for task in tasks]
    return [Arrived(where=where, pointer="", task=task) for where, task in named]


def _settle(args: argparse.Namespace) -> int:
    root = store.find_root(args.root)
    holdings = store.read(root).holdings
    if args.least < 1:
        raise CorpusError("--least is at least 1")
    found = settling.settled(holdings, least=args.least)
    _tell(args, "parted", found.parted)
    _tell(args, "doubted", found.doubted)
    _tell(args, "unfit (a denial can only deny, a claim or content only affirm)", found.unfit)
    _tell(args, "entered" if args.write else "found", found.proposed)
    for where, claim in settling.entered(holdings, found.proposed).items() if args.write else ():
        store.write(root / where, codec.canonical(codec.claim_to_json(claim)))
    if not any((found.parted, found.doubted, found.unfit, found.proposed)):
        say(args, "nothing new: the registry and the answers say the same")
    return 0


def _tell(args: argparse.Namespace, what: str, findings: Iterable[Finding]) -> None:
    for one in findings:
        said = ", ".join(f"{who} {answer}" for who, answer in one.answers.items())
        say(args, f"{what}: {one.statement.document} {one.statement.mention} and {one.claim}: {said}")
