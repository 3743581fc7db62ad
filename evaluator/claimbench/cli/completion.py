"""claimbench completion."""

from __future__ import annotations

import click

EPILOG = """Example:  claimbench completion bash >> ~/.bashrc

\b
zsh:   claimbench completion zsh >> ~/.zshrc
fish:  claimbench completion fish > ~/.config/fish/completions/claimbench.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print what SHELL needs to complete commands, options and their values."""
    from click.shell_completion import get_completion_class

    from claimbench.cli.app import cli

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"nothing is known about completion in {shell}")
    click.echo(found(cli, {}, "claimbench", "_CLAIMBENCH_COMPLETE").source())
