"""`python -m config check FILE`: says whether a hall file can be used, and if not, where and how to mend it.

`python -m config new [FILE]` begins one by asking a few questions.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from config.findings import LANGUAGES, Severity, report, texts
from config.loader import examine
from config.new_hall import Stopped, begin
from config.summary import summarise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; the exit code is 0 when all is well, 1 when a file has errors, 2 for a wrong command line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(_language_of(given)).parse_args(given)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console of another code page must not turn a finding into a stack trace.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    match options.command:
        case "check":
            return check(options.file, options.language)
        case "new":
            return new(options.file, options.language)
    raise AssertionError(f"no such subcommand: {options.command}")


def check(file: Path, language: str) -> int:
    """Tell the findings of a hall file, and what stands in it when it can be used."""
    t = texts(language)
    examined = examine(file)
    errors = sum(finding.severity is Severity.ERROR for finding in examined.findings)
    warnings = len(examined.findings) - errors
    parts = []
    if examined.findings:
        parts.append(report(examined.findings, language))
    if examined.hall is None:
        parts.append(
            t(
                "{file} cannot be used. Errors: {errors}, warnings: {warnings}.",
                file=file,
                errors=errors,
                warnings=warnings,
            )
        )
    else:
        parts.append(summarise(examined.hall, language))
        parts.append(
            t("{file} is good. Warnings: {warnings}.", file=file, warnings=warnings)
            if warnings
            else t("{file} is good.", file=file)
        )
    sys.stdout.write("\n\n".join(parts) + "\n")
    return 0 if examined.hall is not None else 1


def new(file: Path | None, language: str) -> int:
    """Begin a hall file by asking, and check it."""
    begun = begin(Terminal(), file, language)
    return 1 if begun is None else check(begun, language)


class Terminal:
    """Asks on the standard streams."""

    def ask(self, question: str) -> str:
        """Show a question and take a line."""
        sys.stdout.write(question)
        sys.stdout.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            raise Stopped
        return line

    def say(self, line: str) -> None:
        """Show a line."""
        sys.stdout.write(f"{line}\n")


def _language_of(arguments: Sequence[str]) -> str:
    """The language asked for, before the command line is read: its own help speaks it too."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", default=LANGUAGES[0])
    known, _rest = early.parse_known_args(list(arguments))
    return known.language if known.language in LANGUAGES else LANGUAGES[0]


def _parser(language: str) -> argparse.ArgumentParser:
    t = texts(language)
    parser = argparse.ArgumentParser(prog="python -m config", description=t("Work with hall files."))
    subcommands = parser.add_subparsers(dest="command", required=True, metavar=t("COMMAND"))
    check_parser = subcommands.add_parser(
        "check", help=t("say whether a hall file can be used, and how to mend it"), description=t("Check a hall file.")
    )
    check_parser.add_argument(
        "file",
        type=Path,
        metavar=t("FILE"),
        help=t("the hall file, such as {example}", example="config/halls/yangxin.yaml"),
    )
    new_parser = subcommands.add_parser(
        "new", help=t("begin a hall file by answering a few questions"), description=t("Begin a hall file.")
    )
    new_parser.add_argument(
        "file", type=Path, nargs="?", metavar=t("FILE"), help=t("the file to write; named after the hall if absent")
    )
    for each in (check_parser, new_parser):
        each.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=t("language of the answer"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
