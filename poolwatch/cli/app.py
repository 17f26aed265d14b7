"""The program's commands with their options; each loads what it needs only when it runs."""

# ruff: noqa: PLC0415  (boto3, the store and rich would make `poolwatch --help` wait)

import errno
import logging
import signal
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from poolwatch.cli import decisions, options, streams
from poolwatch.cli.opening import begin as _begin
from poolwatch.cli.opening import terminal as _terminal
from records.errors import ExitStatus, PoolwatchError

logger = logging.getLogger(__name__)

# What a shell makes of a program that SIGINT or SIGPIPE has ended: scripts see that nothing was decided.
_INTERRUPTED = 130
_PIPE_CLOSED = 141

_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES})
_OF_A_PROGRAM = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENOEXEC})


class Program(TyperGroup):
    """All commands. What they return or raise becomes an exit status and, where need be, a message."""

    def make_context(self, *arguments: Any, **keywords: Any) -> Any:
        """Understand the arguments, which shows the help or the version where they ask for it."""
        try:
            return super().make_context(*arguments, **keywords)
        except OSError as error:
            raise typer.Exit(_system_error(error)) from error

    def invoke(self, ctx: Any) -> None:
        """Run the command. Raises typer.Exit with its status, and typer's own errors for wrong use."""
        raise typer.Exit(self._status(ctx))

    def _status(self, ctx: Any) -> int:
        try:
            status = super().invoke(ctx)
            # What is still in the buffer may meet a closed pipe as well.
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except PoolwatchError as error:
            _terminal().show_error(error)
            return error.exit_status
        except KeyboardInterrupt:
            return _INTERRUPTED
        except OSError as error:
            return _system_error(error)
        except Exception as error:  # noqa: BLE001  (a bug of ours: told in a line, its traceback under --verbose)
            return _bug(error)
        return int(status or ExitStatus.DONE)


app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Rich's help takes four times as long to load as the plain one.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    streams.prepare()
    # A run that is told to stop writes down that it was, and leaves no child process behind. nohup's wish
    # that a hang-up be ignored is kept.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    app()


def _show_version(is_wanted: bool) -> None:  # noqa: FBT001  (typer hands it over so)
    if is_wanted:
        from poolwatch import __version__

        typer.echo(f"poolwatch {__version__}")
        raise typer.Exit


@app.callback(epilog="Exit status: 0 done, 1 findings at or above --fail-on, 2 wrong use, 3 gaps, 4 failed.")
def program(
    *,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit."),
    ] = False,
) -> None:
    """Audit Amazon Cognito: user pools, app clients and identity pools."""
    # Commands take these options over from here.
    del config, store, quiet, verbose, version


@app.command()
def demo(
    *,
    port: options.Port = None,
    no_dashboard: Annotated[
        bool, typer.Option("--no-dashboard", help="End when everything is collected.")
    ] = False,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Look round in a made-up company's account. It is emulated here; no AWS account is needed."""
    from poolwatch.cli import demonstrating

    # The made-up company has settings of its own: none.
    del config
    terminal = _begin(quiet=quiet, verbose=verbose)
    return demonstrating.demo(terminal, store=store, port=port, has_dashboard=not no_dashboard)


@app.command()
def collect(
    *,
    profile: options.Profile = None,
    region: options.Regions = None,
    role_arn: options.RoleArns = None,
    external_id: options.ExternalId = None,
    rate_share: options.RateShare = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Do not read again what a run that was cut short has just read."),
    ] = False,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Read AWS accounts into the store and judge them. Nothing in AWS is changed."""
    from poolwatch.cli import collecting

    terminal = _begin(quiet=quiet, verbose=verbose)
    return collecting.collect(
        terminal,
        options.AwsOptions(
            profile=profile,
            regions=tuple(region or ()),
            role_arns=tuple(role_arn or ()),
            external_id=external_id,
            rate_share=rate_share,
        ),
        config=config,
        store=store,
        resume=resume,
    )


@app.command()
def scan(
    *,
    output_format: options.ScanFormatOption = options.ScanFormat.TABLE,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write to a file, for its owner alone.", show_default=False),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The set of thresholds to judge by; the settings file's, else fsbp, by default.",
            show_default=False,
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="SEVERITY",
            help="Exit with 1 for a failure as bad as this or worse: critical, high, medium, low or info.",
            show_default=False,
        ),
    ] = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """List what is wrong, the worst first. It judges what was collected and calls nothing in AWS."""
    from poolwatch.cli import scanning

    terminal = _begin(quiet=quiet, verbose=verbose)
    return scanning.scan(
        terminal,
        config=config,
        store=store,
        output_format=output_format,
        output=output,
        baseline=baseline,
        fail_on=fail_on,
    )


@app.command()
def verify(
    *,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The rule's code or slug.")],
    arn: Annotated[
        str,
        typer.Argument(metavar="ARN", help="The resource's; an app client's is <user pool ARN>/client/<id>."),
    ],
    output_format: options.VerifyFormatOption = options.VerifyFormat.TABLE,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    rate_share: options.RateShare = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Read one resource again and judge it by one rule now. The store stays as it is.

    Exit status: 0 the rule passes or does not apply, 1 it fails, 2 wrong use, 3 it cannot be judged,
    4 failed.
    """
    from poolwatch.cli import verifying

    terminal = _begin(quiet=quiet, verbose=verbose)
    return verifying.verify(
        terminal,
        options.AwsOptions(
            profile=profile,
            regions=(),
            role_arns=(role_arn,) if role_arn else (),
            external_id=external_id,
            rate_share=rate_share,
        ),
        code=code,
        arn=arn,
        output_format=output_format,
        config=config,
        store=store,
    )


app.add_typer(decisions.app)


@app.command()
def fix(
    *,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The rule's code or slug.")],
    arn: Annotated[
        str,
        typer.Argument(metavar="ARN", help="The resource's; an app client's is <user pool ARN>/client/<id>."),
    ],
    output_format: options.FixFormatOption = options.FixFormat.TEXT,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    rate_share: options.RateShare = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Print what would close a finding, with the complete call. Nothing is applied.

    Exit status: 0 a call or nothing to mend, 1 the rule fails and there is no call, 2 wrong use, 3 it cannot
    be judged, 4 failed.
    """
    from poolwatch.cli import fixing

    terminal = _begin(quiet=quiet, verbose=verbose)
    return fixing.fix(
        terminal,
        options.AwsOptions(
            profile=profile,
            regions=(),
            role_arns=(role_arn,) if role_arn else (),
            external_id=external_id,
            rate_share=rate_share,
        ),
        code=code,
        arn=arn,
        output_format=output_format,
        config=config,
        store=store,
    )


@app.command()
def rules(
    *,
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="One rule, in full.", show_default=False)
    ] = None,
    output_format: options.RulesFormatOption = options.RulesFormat.TABLE,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the rules, or show one in full: why it matters, how to mend it, what it reads."""
    from poolwatch.cli import ruling

    del config, store
    ruling.rules(_begin(quiet=quiet, verbose=verbose), code=code, output_format=output_format)


@app.command()
def policy(
    *,
    part: options.PolicyPartOption = options.PolicyPart.MEMBER,
    output_format: options.PolicyFormatOption = options.PolicyFormat.JSON,
    bucket: options.Bucket = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print the IAM policy that Poolwatch needs in an account. It lets things be read, and nothing else.

    As CloudFormation or Terraform it comes with a role that has it, for a principal that you name.
    """
    from poolwatch.cli import granting

    del config, store
    granting.policy(
        _begin(quiet=quiet, verbose=verbose), part=part, output_format=output_format, bucket=bucket
    )


@app.command()
def doctor(
    *,
    profile: options.Profile = None,
    region: options.Regions = None,
    role_arn: options.RoleArns = None,
    external_id: options.ExternalId = None,
    rate_share: options.RateShare = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Check credentials, permissions and the store, and tell what a run takes. Nothing is written."""
    from poolwatch.cli import diagnosing

    terminal = _begin(quiet=quiet, verbose=verbose)
    return diagnosing.doctor(
        terminal,
        options.AwsOptions(
            profile=profile,
            regions=tuple(region or ()),
            role_arns=tuple(role_arn or ()),
            external_id=external_id,
            rate_share=rate_share,
        ),
        config=config,
        store=store,
    )


@app.command()
def dashboard(
    *,
    port: options.Port = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Show the store in the browser. The page is on 127.0.0.1 alone and holds no AWS credentials."""
    from poolwatch.cli import serving

    terminal = _begin(quiet=quiet, verbose=verbose)
    return serving.dashboard(terminal, config=config, store=store, port=port)


def _bug(error: Exception) -> int:
    from poolwatch.cli.terminal import is_ours

    logger.debug("the command failed", exc_info=error)
    *_, (frame, line) = (
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_ours(frame.f_globals.get("__name__", ""))
    )
    place = "/".join(Path(frame.f_code.co_filename).parts[-2:])
    # Not its text: an exception quotes the value that it stumbled over, which may be a secret.
    _terminal().show_error(
        PoolwatchError(
            f"This is a bug in Poolwatch: {type(error).__name__} at {place}:{line}.",
            "Please report it, with what --verbose shows.",
        )
    )
    return ExitStatus.FAILED


def _system_error(error: OSError) -> int:
    if error.errno is None:
        # Raised by a program, not by the system, and with any text.
        return _bug(error)
    streams.give_up_stdout()
    if error.errno == errno.EPIPE:
        return _PIPE_CLOSED
    logger.debug("the command failed", exc_info=error)
    hint = "--verbose shows where it happened."
    if error.errno in _OF_THE_DISK:
        hint = f"Check the disk and the rights on it; {hint}"
    elif error.errno in _OF_A_PROGRAM:
        hint = (
            "A program or file that a configuration names, such as a credential_process in ~/.aws/config, is"
            f" missing or cannot be run; {hint}"
        )
    _terminal().show_error(PoolwatchError(f"The operating system refused: {error}.", hint))
    return ExitStatus.FAILED
