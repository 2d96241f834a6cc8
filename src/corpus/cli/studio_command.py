"""Start a local Label Studio, for this machine only.

examples:  corpus studio                 install if needed, run until Ctrl-C
           corpus studio start           run in the background
           corpus studio status
           corpus studio stop
"""

import argparse
import os
import signal
import time
import webbrowser
from pathlib import Path

from corpus import store
from corpus.cli.terminal import say, waiting
from corpus.studio import install, server

ACTIONS = "run until Ctrl-C (the default), only install, start in the background, say whether it runs and where, or stop it"


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("action", nargs="?", choices=("run", "install", "start", "status", "stop"), default="run", help=ACTIONS)
    command.add_argument("--port", type=int, help="listen on this port (default: a free one)")
    command.add_argument("--open", action="store_true", help="open the browser")


def run(args: argparse.Namespace) -> int:
    """Do one of the actions."""
    home = home_of(store.find_root(args.root))
    if args.action == "status":
        found = server.running(home)
        say(args, f"Label Studio runs at {found.url}" if found else "no Label Studio runs here")
        return int(found is None)
    if args.action == "stop":
        say(args, "stopped" if server.stop(home) else "no Label Studio ran here")
        return 0
    if not install.is_current(home):
        with waiting(args, f"installing Label Studio {install.VERSION} (half a gigabyte, once)"):
            install.install(home)
    if args.action == "install":
        say(args, f"Label Studio {install.VERSION} is installed")
        return 0
    return _serve(args, home)


def home_of(root: Path) -> Path:
    """The folder of the local Label Studio: CORPUS_STUDIO_HOME, or .label-studio in the repository."""
    return Path(os.environ.get("CORPUS_STUDIO_HOME") or root / ".label-studio").absolute()


def _serve(args: argparse.Namespace, home: Path) -> int:
    with waiting(args, "starting Label Studio (the first time it makes its database)"):
        found = server.start(home, port=args.port)
    say(args, f"Label Studio runs at {found.url}")
    say(args, f"log in as {found.email}; the password stands in {home / 'login.json'}")
    if args.open:
        webbrowser.open(found.url)
    return 0 if args.action == "start" else _until_stopped(args, home)


def _until_stopped(args: argparse.Namespace, home: Path) -> int:
    """Until Ctrl-C or a plain kill; a script's background job would ignore the one and leave the server behind after the other."""
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.default_int_handler)
    say(args, "Ctrl-C stops it")
    try:
        while server.running(home) is not None:
            time.sleep(2)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop(home)
        say(args, "stopped")
