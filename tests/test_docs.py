"""README, docs, card and --help name only what there is, and between them all that there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from claimbench.cli.app import cli

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "corpus" / "README.md"])
PYTEST = {"--claimbench", "--junit-xml"}
"""Options in these texts that are pytest's."""
SHELL = re.compile(r"\s+(?:>|\||&&|#).*")
"""Where a command line ends although its line goes on."""


def walk(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command under one that is no group, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from walk(command.get_command(context, name), *path, name)


ALL = dict(walk(cli))
HELP = {
    path: command.get_help(click.Context(command, info_name=" ".join(("claimbench", *path))))
    for path, command in ALL.items()
}


def options(command: click.Command) -> set[str]:
    named = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    return named | {"--help"}


def named_options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


ANY = {"--version", *(name for command in ALL.values() for name in options(command))}


def blocks(text: str) -> list[str]:
    """The lines of the code blocks, continuation lines joined."""
    code = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    return re.sub(r"\\?\n +(?=--)", " ", code).splitlines()


def spans(text: str) -> list[str]:
    """The code spans outside code blocks, each on one line."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]


def called(code: str) -> str | None:
    """The words after "claimbench" in a line of code."""
    found = re.search(r"(?:^|[\s/])claimbench +([^-\s].*)", code)
    return SHELL.sub("", found[1]) if found else None


def lines_of(content: str) -> list[str]:
    """What a text calls; a span may leave out "claimbench", as in `compare --across`."""
    firsts = {path[0] for path in ALL}
    short = [span for span in spans(content) if " " in span and span.split()[0] in firsts]
    return [line for code in (*blocks(content), *spans(content)) if (line := called(code))] + short


def command_of(words: list[str]) -> tuple[tuple[str, ...], click.Command] | None:
    """The command that the first words name, and these words; a group stands for its first command."""
    return next(((path, ALL[path]) for path in ALL if tuple(words[: len(path)]) == path), None) or next(
        ((path, ALL[path]) for path in ALL if len(words) == 1 and path[0] == words[0]), None
    )


def parse(line: str) -> None:
    """Read a command line without running it; raises a click error where names or values do not fit."""
    words = shlex.split(line)
    found = command_of(words)
    assert found, f"no command: claimbench {line}"
    path, command = found
    command.make_context(" ".join(path), words[len(path) :])


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_texts_call_exists(text):
    """Every command and option that the texts name in code exists, each option with the command beside it."""
    content = text.read_text(encoding="utf-8")
    for line in lines_of(content):
        found = command_of(line.split())
        assert found, f"no command: claimbench {line}"
        assert named_options(line) <= options(found[1]), line
    anywhere = set().union(*map(named_options, (*blocks(content), *spans(content))))
    assert anywhere <= ANY | PYTEST


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_blocks_call_can_be_called(text):
    """Every command line in a code block has all its arguments, and values that its options take."""
    for line in filter(None, map(called, blocks(text.read_text(encoding="utf-8")))):
        parse(line)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_example_in_help_can_be_called(path):
    """The help of every command has an example of it, and each command line in it parses."""
    epilog = re.sub(r" *\\\n +", " ", ALL[path].epilog or "")
    lines = [*filter(None, map(called, epilog.splitlines()))]
    assert f"Example:  claimbench {' '.join(path)}" in epilog
    for line in lines:
        parse(line)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_names_options_that_exist(path):
    """An option that a command's help speaks of is one of that command."""
    assert named_options(HELP[path]) <= options(ALL[path])


def test_every_command_is_in_the_texts():
    """README, docs or the card name every command."""
    contents = [text.read_text(encoding="utf-8") for text in TEXTS]
    lines = [line.split() for content in contents for line in lines_of(content)]
    named = {found[0] for line in lines if (found := command_of(line))}
    assert not [" ".join(path) for path in ALL.keys() - named]


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_the_texts_name_exist(text):
    """Every path in a code span or link of the texts is one in the repository, or beside the text."""
    content = text.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", content) if "://" not in link]
    paths = [span for span in spans(content) if re.fullmatch(r"[\w.*-]+/[\w./*-]*", span)]
    for path in (*links, *paths):
        assert any(ROOT.glob(path)) or any(text.parent.glob(path)), path


def test_no_two_errors_have_one_name():
    """An error's name says which it is: no other module of the package defines one of the same name."""
    sources = (ROOT / "evaluator" / "claimbench").rglob("*.py")
    names = [name for path in sources for name in re.findall(r"^class (\w+Error)\(", path.read_text(), re.M)]
    assert len(names) == len(set(names))
