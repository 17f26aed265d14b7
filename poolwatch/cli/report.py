"""The findings of a scan for people: by rule, the worst first, and what could not be judged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from poolwatch.cli.terminal import SEVERITY_STYLES
from poolwatch.configuration import SIGN_IN_OPERATIONS
from poolwatch.exports import ADVICE
from poolwatch.posture import Finding, Posture
from poolwatch.text import counted, listed, plain
from records.evaluation import Evaluation, Outcome, Severity
from records.facet import Reason
from records.resource import ResourceType, Scope, user_pool_of
from records.run import Run, RunGap
from records.snapshot import RegionSnapshot, Snapshot

# From this width on, a finding's resource, region and message stand beside each other.
_WIDE = 110
_NAME_LENGTH = 60
_MESSAGE_LENGTH = 300
_RESOURCES_SHOWN = 25
_NAMES_SHOWN = 4
_CODES_SHOWN = 12
_KIND_WIDTH = 8
_UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


def print_report(console: Console, posture: Posture, run: Run) -> None:
    """Print what failed, what could not be judged and what of that was accepted, and the sum of it."""
    names = PoolNames(posture.snapshot)
    console.print(_headline(posture, run))
    for _, members in groupby(posture.having(Outcome.FAIL), key=_severity_and_code):
        _print_rule(console, tuple(members), names)
    if gaps := [each for each in posture.gaps if not each.gap.is_off]:
        console.print()
        console.print(heading("UNKNOWN", "magenta", Text("What could not be read", "bold")))
        print_gaps(console, gaps, names, posture.having(Outcome.UNKNOWN))
    _print_undecided(console, posture.having(Outcome.UNKNOWN), names)
    _print_accepted(console, (each.gap.accepted for each in posture.gaps))
    _print_errors(console, tuple(posture.having(Outcome.ERROR)), names)
    console.print()
    console.print(summary(posture.findings))
    if overdue := sum(each.is_overdue(posture.judged_at.date()) for each in posture.findings):
        console.print(f"{counted(overdue, 'failure')} should have been closed by now.", style="yellow")
    if first := next(posture.failures_at_least(Severity.INFO), None):
        code = first.evaluation.code
        console.print(f"`poolwatch rules {code}` tells why {code} matters and how to mend it.", style="dim")


class PoolNames:
    """What people call resources: an app client by its name and that of its user pool."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._names: Mapping[str, str] = {
            pool.arn: plain(pool.member.name, _NAME_LENGTH)
            for pools in (snapshot.user_pools, snapshot.identity_pools)
            for pool in pools
        }
        self._has_many_accounts = len({region.scope.account_id for region in snapshot.regions}) > 1

    def resource(self, evaluation: Evaluation) -> str:
        """Return the resource's name, harmless and short."""
        arn, noun = evaluation.resource_arn, evaluation.resource_type.noun
        own = plain(evaluation.resource_name, _NAME_LENGTH) or arn.rpartition("/")[2]
        if evaluation.resource_type is not ResourceType.APP_CLIENT:
            return f"every {noun}" if arn.endswith("/*") else own
        pool = self.pool(evaluation.scope, arn)
        return f"every app client of {pool}" if arn.endswith("/*") else f"{own} ({pool})"

    def pool(self, scope: Scope, arn: str) -> str:
        """Return the name of the pool that the resource is or belongs to, or the list that it stands for."""
        pool_arn = user_pool_of(arn)
        if pool_arn == scope.role_arn("*"):
            return f"the list of IAM roles of {scope.account_id}"
        if pool_arn.endswith("/*"):
            return f"the list of {'user' if ':userpool/' in pool_arn else 'identity'} pools in {scope.region}"
        return self._names.get(pool_arn) or pool_arn.rpartition("/")[2]

    def place(self, evaluation: Evaluation) -> str:
        """Return the resource's region, with its account where there are several."""
        scope = evaluation.scope
        return f"{scope.account_id} {scope.region}" if self._has_many_accounts else scope.region


def summary(findings: Iterable[Finding]) -> str:
    """Return how many checks could be judged and what came of them."""
    findings = tuple(findings)
    outcomes = Counter(finding.evaluation.outcome for finding in findings)
    judged = outcomes[Outcome.PASS] + outcomes[Outcome.FAIL]
    unjudged = outcomes[Outcome.UNKNOWN] + outcomes[Outcome.ERROR]
    return (
        f"{judged:,} of {counted(judged + unjudged, 'check')} could be judged:"
        f" {outcomes[Outcome.FAIL]:,} failed{_in_brackets(findings)}, {outcomes[Outcome.PASS]:,} passed."
        f" {outcomes[Outcome.NOT_APPLICABLE]:,} more do not apply."
    )


def by_severity(findings: Iterable[Finding]) -> str:
    """Return the number of failures of each severity, such as "2 critical, 5 high, 3 muted"."""
    failures = [finding for finding in findings if finding.evaluation.outcome is Outcome.FAIL]
    severities = Counter(finding.evaluation.severity for finding in failures if not finding.is_muted)
    muted = sum(finding.is_muted for finding in failures)
    counts = [f"{severities[each]:,} {each.value}" for each in Severity if severities[each]]
    return ", ".join((*counts, f"{muted:,} muted") if muted else counts)


def _in_brackets(findings: Iterable[Finding]) -> str:
    failed = by_severity(findings)
    return f" ({failed})" if failed else ""


def _severity_and_code(finding: Finding) -> tuple[Severity, str]:
    return finding.evaluation.severity, finding.evaluation.code


def _headline(posture: Posture, run: Run) -> Text:
    regions = [region for region in posture.snapshot.regions if not region.is_off]
    user_pools = tuple(posture.snapshot.user_pools)
    parts = (
        counted(len({region.scope.account_id for region in regions}), "account"),
        counted(len(regions), "region"),
        counted(len(user_pools), "user pool"),
        counted(sum(len(pool.clients) for pool in user_pools), "app client"),
        counted(sum(len(region.identity_pools) for region in regions), "identity pool"),
    )
    return Text.assemble(
        ("Demo data, made up. " if posture.is_demo else "", "yellow"),
        f"Run {run.id} of {run.started_at:%Y-%m-%d %H:%M} UTC, {run.state.value}: {', '.join(parts)}.",
        _of_older_runs([region for region in regions if region.run_id != run.id], posture.judged_at),
    )


def _of_older_runs(regions: Sequence[RegionSnapshot], now: datetime) -> str:
    """Return how many regions the newest run left as older ones had read them, and how old that can be."""
    if not regions:
        return ""
    age = _age(now - min(region.collected_at for region in regions))
    if len(regions) == 1:
        return f" 1 region is of an older run, read {age} ago."
    return f" {len(regions):,} regions are of older runs, the oldest read {age} ago."


def _age(span: timedelta) -> str:
    for unit, length in _UNITS.items():
        if span >= length:
            return counted(span // length, unit)
    return "a minute"


def _print_rule(console: Console, members: tuple[Finding, ...], names: PoolNames) -> None:
    severity, rule = members[0].evaluation.severity, members[0].rule
    console.print()
    muted = sum(finding.is_muted for finding in members)
    count = f"{counted(len(members), rule.resource_type.noun)}{f', {muted:,} muted' if muted else ''}"
    style = "dim" if muted == len(members) else SEVERITY_STYLES[severity]
    title = Text.assemble((f"{rule.code} {rule.title}", "bold"), (f"  {count}", "dim"))
    console.print(heading(severity.value.upper(), style, title))
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    for _ in range(3 if console.width >= _WIDE else 1):
        table.add_column(overflow="fold")
    # What is muted needs nobody: it stands behind the others.
    ordered = sorted(members, key=lambda finding: finding.is_muted)
    for finding in ordered[:_RESOURCES_SHOWN]:
        each = finding.evaluation
        name, place = names.resource(each), names.place(each)
        message = Text(plain("; ".join(each.messages), _MESSAGE_LENGTH))
        for note in notes(finding):
            message.append(f"\n{note}", "dim")
        if console.width >= _WIDE:
            table.add_row(name, place, message)
        else:
            table.add_row(Text.assemble(name, (f"  {place}", "dim")))
            table.add_row(Padding(message, (0, 0, 0, 2)))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    if (rest := len(members) - _RESOURCES_SHOWN) > 0:
        console.print(f"  and {rest:,} more: --format csv or json has them all", style="dim")


def notes(finding: Finding) -> Iterator[str]:
    """Yield what stands below a failure's message, each a line: why it is muted, its chains, its severity."""
    if finding.mute is not None:
        yield f"muted until {finding.mute.until}: {plain(finding.mute.reason, _MESSAGE_LENGTH)}"
    for path in finding.evaluation.paths:
        yield plain(" -> ".join(path), _MESSAGE_LENGTH)
    if finding.severity_words:
        yield finding.severity_words


def print_gaps(
    console: Console, gaps: Iterable[RunGap], names: PoolNames, unknown: Iterable[Finding] = ()
) -> None:
    """Print what was not read, by reason with what to do, and what that keeps from being judged."""
    groups: dict[Reason, dict[str, list[RunGap]]] = {}
    all_gaps = tuple(gaps)
    _print_sign_ins(console, (each for each in all_gaps if each.gap.operation in SIGN_IN_OPERATIONS))
    for each in all_gaps:
        if each.gap.operation in SIGN_IN_OPERATIONS:
            continue
        groups.setdefault(each.gap.reason, {}).setdefault(each.gap.iam_action, []).append(each)
    hidden = [(finding.evaluation, gap) for finding in unknown for gap in finding.evaluation.gaps]
    for reason, actions in groups.items():
        _print_indented(console, 2, f"{reason.value.replace('_', ' ')}: {ADVICE[reason]}")
        for action, members in actions.items():
            pools = dict.fromkeys(names.pool(each.scope, each.resource_arn) for each in members)
            _print_indented(console, 4, (action, "bold"), f" for {listed(pools, _NAMES_SHOWN)}")
            codes = [each.code for each, gap in hidden if (gap.iam_action, gap.reason) == (action, reason)]
            if codes:
                checks = f"hides {counted(len(codes), 'check')}: {listed(sorted(set(codes)), _CODES_SHOWN)}"
                _print_indented(console, 6, checks)


def _print_undecided(console: Console, unknown: Iterable[Finding], names: PoolNames) -> None:
    """Print what was read and yet could not be judged, with what it hangs on."""
    undecided = [
        finding.evaluation
        for finding in unknown
        if any(gap.reason is Reason.UNDECIDABLE for gap in finding.evaluation.gaps)
    ]
    if undecided:
        console.print()
        console.print(heading("UNKNOWN", "magenta", Text("What was read, but does not tell", "bold")))
    for each in undecided[:_RESOURCES_SHOWN]:
        _print_indented(
            console, 2, (each.code, "bold"), f" for {names.resource(each)} in {names.place(each)}"
        )
        _print_indented(console, 4, plain("; ".join(each.messages), _MESSAGE_LENGTH))
    if (rest := len(undecided) - _RESOURCES_SHOWN) > 0:
        console.print(f"  and {rest:,} more: --format csv or json has them all", style="dim")


def _print_accepted(console: Console, reasons: Iterable[str | None]) -> None:
    counts = Counter(each for each in reasons if each is not None)
    if counts:
        console.print()
        console.print(heading("ACCEPTED", "dim", Text("What may stay unread, by the settings", "bold")))
    for reason, count in counts.items():
        _print_indented(console, 2, f"{counted(count, 'gap')}: {plain(reason, _MESSAGE_LENGTH)}")


def _print_sign_ins(console: Console, gaps: Iterable[RunGap]) -> None:
    """Print each account that could not be signed in to once, whatever number of lists that hides."""
    for account_id, message in dict.fromkeys((each.scope.account_id, each.gap.message) for each in gaps):
        _print_indented(console, 2, (f"account {account_id}", "bold"), f": {plain(message, _MESSAGE_LENGTH)}")


def _print_indented(console: Console, indent: int, *parts: str | tuple[str, str]) -> None:
    console.print(Padding(Text.assemble(*parts), (0, 0, 0, indent), expand=False))


def heading(kind: str, style: str, title: Text) -> Table:
    """Return a line whose title stays beside its kind when it is wrapped."""
    heading = Table.grid(padding=(0, 1, 0, 0))
    heading.add_column(width=_KIND_WIDTH)
    heading.add_row(Text(kind, style), title)
    return heading


def _print_errors(console: Console, errors: tuple[Finding, ...], names: PoolNames) -> None:
    if not errors:
        return
    console.print()
    console.print(heading("ERROR", "magenta", Text("Rules that failed: please report them", "bold")))
    for code, members in groupby(errors, key=lambda finding: finding.evaluation.code):
        resources = [names.resource(member.evaluation) for member in members]
        _print_indented(console, 2, f"{code} on {listed(resources, _NAMES_SHOWN)}")
