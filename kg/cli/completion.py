"""``stkg completion``: completion scripts for bash, zsh and fish, made from the commands and stored queries."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Final

from kg.cli.app import COMMANDS
from kg.queries.library import load_library
from kg.resources import resource_root

_BASH: Final = """\
# stkg completion for bash: eval "$(stkg completion bash)"
_stkg() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}"
  if (( COMP_CWORD == 1 )); then COMPREPLY=($(compgen -W "{commands}" -- "$cur")); return; fi
  if [[ ${{COMP_WORDS[1]}} == query ]]; then
    if (( COMP_CWORD == 2 )); then COMPREPLY=($(compgen -W "{queries} --list" -- "$cur")); return; fi
    case "${{COMP_WORDS[2]}}" in
{cases}    esac
    return
  fi
  COMPREPLY=($(compgen -f -- "$cur"))
}}
complete -o default -F _stkg stkg
"""


def run(command: str, words: Sequence[str]) -> int:
    """Print the script and return the exit status."""
    parser = ArgumentParser(
        prog=f"stkg {command}", description='Print a completion script: eval "$(stkg completion bash)"'
    )
    parser.add_argument("shell", choices=["bash", "zsh", "fish"])
    shell = parser.parse_args(words).shell
    library = load_library(resource_root("queries"))
    if shell == "fish":
        print("# stkg completion for fish: stkg completion fish | source")
        print(f"complete -c stkg -n __fish_use_subcommand -f -a '{' '.join(COMMANDS)}'")
        print(f"complete -c stkg -n '__fish_seen_subcommand_from query' -f -a '{' '.join(library)}'")
        for name, query in library.items():
            for parameter in query.parameters:
                print(f"complete -c stkg -n '__fish_seen_subcommand_from {name}' -f -r -l {parameter.name}")
        return 0
    options = "--format --columns --limit --engine --data --wide --help"
    cases = ""
    for name, query in library.items():
        names = " ".join("--" + p.name for p in query.parameters)
        cases += f'      {name}) COMPREPLY=($(compgen -W "{names} {options}" -- "$cur"));;\n'
    if shell == "zsh":
        print("autoload -U +X bashcompinit && bashcompinit")
    print(_BASH.format(commands=" ".join(COMMANDS), queries=" ".join(library), cases=cases), end="")
    return 0
