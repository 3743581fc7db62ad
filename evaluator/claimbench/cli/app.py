"""The group of commands, and what happens to errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from claimbench._version import __version__
from claimbench.cli.belonging import refuse_empty
from claimbench.cli.output import printable
from claimbench.errors import ClaimbenchError

COMMANDS = {
    "run": "predict with a baseline on the shipped corpus, score, print",
    "systems": "list the installed systems",
    "items": "write a task's inputs, without gold",
    "predict": "let a system predict a task",
    "score": "score predictions",
    "compare": "is one system better than another? paired",
    "gate": "has a system become worse than its baseline? for CI",
    "stages": "at which stage of a pipeline are claims lost?",
    "browse": "the corpus or a report as one offline HTML page",
    "validate": "check a corpus or a file: schema and meaning",
    "formats": "foreign benchmarks that can be scored as they are",
    "completion": "what a shell needs to complete these commands",
    "conformance": "test a scorer: invariances, missing lines, tricks",
    "matchers": "how good the text matchers are, on labelled pairs",
    "corpus": "build, count, audit, exchange and compare corpora",
}
"""Command to its one-line help; each lives in the module of its name."""

EXAMPLE = "Start with:  claimbench run"


class _Lazy(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"claimbench.cli.{cmd_name}").command
        refuse_empty(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from claimbench.errors import nearest

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command '{args[0]}'{nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claimbench", message="%(prog)s %(version)s")
def cli() -> None:
    """Score systems that extract, check or answer factual claims."""


def run(args: Sequence[str]) -> int:
    """Run the commands and return the exit code; every error becomes a message on standard error."""
    try:
        result = cli.main(args=list(args), prog_name="claimbench", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Exit as request:
        return request.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return 130
    except ClaimbenchError as error:
        if error.__cause__ is not None:
            import traceback

            traceback.print_exception(error.__cause__)
        print(printable(str(error)), file=sys.stderr)
        return error.exit_code
    except Exception:
        import traceback

        traceback.print_exc()
        print("This is a bug in claimbench; please report it with the lines above.", file=sys.stderr)
        return 70
    return result if isinstance(result, int) else 0
