"""Every rule on what the emulated AWS answers: it fails, passes, does not apply and is unknown somewhere."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo import child
from demo.clients import Controls
from poolwatch.posture import Finding, read_posture
from records.evaluation import Evaluation, Outcome
from rules.catalogue import catalogue
from rules.engine import Baseline, Rule
from tests.account import Account
from tests.exhibits import (
    app_clients,
    of_another_account,
    of_identity_pools,
    of_sign_in,
    of_surroundings,
    of_user_pools,
)
from tests.exhibits.showing import OTHER_ACCOUNT, OWN_ACCOUNT, Bench, Exhibit

# Denied, they leave the rules' subjects listed and unread.
DESCRIBING = (
    "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolClient",
    "cognito-idp:DescribeUserPoolDomain",
    "cognito-idp:DescribeIdentityProvider",
    "cognito-identity:DescribeIdentityPool",
)
EXHIBITS = [
    each
    for module in (of_identity_pools, of_sign_in, of_surroundings, of_user_pools)
    for each in vars(module).values()
    if isinstance(each, Exhibit)
]
ELSEWHERE = [each for each in vars(of_another_account).values() if isinstance(each, Exhibit)]
# Every rule is run; the numbers let one ask at all, and keep another's exhibit small.
ASKING = Baseline(name="asking", parameters={"AUT011": {"history_size": 4}, "REG003": {"clients": 2}})


@dataclass(frozen=True)
class Museum:
    """The account of exhibits, judged: all findings, and those on each exhibit's resource by rule.

    `in_the_dark` are those of runs that were denied much.
    """

    findings: tuple[Finding, ...]
    in_the_dark: tuple[Finding, ...]
    by_exhibit: dict[str, dict[str, Evaluation]]


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Museum:
    stores = tmp_path_factory.mktemp("exhibits")
    with pytest.MonkeyPatch.context() as patch, child.spawn() as server:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        account = Account(server.url, Controls(server.url))
        app_clients.make(account)
        bench = Bench(server.url)
        made = {each.make(bench): each.name for each in EXHIBITS}
        account.controls.set_account(OTHER_ACCOUNT)
        made |= {each.make(bench): each.name for each in ELSEWHERE}
        account.collect(stores / "read")
        account.controls.set_account(OWN_ACCOUNT)
        account.collect(stores / "read")
        # Without the list of roles, other rules tell what is wrong with one.
        account.controls.add_fault(operation="iam:ListRoles", kind="denied")
        account.collect(stores / "no roles")
        for operation in DESCRIBING:
            account.controls.add_fault(operation=operation, kind="denied")
        account.collect(stores / "denied")
    findings = read_posture(stores / "read", baseline=ASKING).findings
    by_exhibit: dict[str, dict[str, Evaluation]] = defaultdict(dict)
    for each in findings:
        name = made.get(each.evaluation.resource_arn.rpartition("/")[2])
        if name is not None:
            by_exhibit[name][each.rule.code] = each.evaluation
    return Museum(
        findings=findings,
        in_the_dark=tuple(
            finding
            for name in ("no roles", "denied")
            for finding in read_posture(stores / name, baseline=ASKING).findings
        ),
        by_exhibit=by_exhibit,
    )


@pytest.fixture(scope="module")
def seen(museum: Museum, demo_store: Path) -> dict[str, set[Outcome]]:
    """By rule, what it says of the demo, of the exhibits, and of the exhibits that may not be read."""
    found: dict[str, set[Outcome]] = {}
    demo = read_posture(demo_store, baseline=ASKING).findings
    for each in (*demo, *museum.findings, *museum.in_the_dark):
        found.setdefault(each.rule.code, set()).add(each.evaluation.outcome)
    return found


@pytest.mark.parametrize("shown", [*EXHIBITS, *ELSEWHERE], ids=lambda each: each.name)
def test_the_exhibit_shows_what_it_is_made_for(museum: Museum, shown: Exhibit) -> None:
    found = museum.by_exhibit[shown.name]
    outcomes = {code: found[code].outcome for code in shown.shows}
    assert outcomes == shown.shows, [found[code].messages for code in shown.shows]


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: f"{rule.code}-{rule.slug}")
def test_every_rule_says_all_that_it_can_say(rule: Rule, seen: dict[str, set[Outcome]]) -> None:
    due = {Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN}
    due |= {Outcome.NOT_APPLICABLE} if rule.applies else set()
    assert due <= seen[rule.code]


def test_no_rule_breaks(seen: dict[str, set[Outcome]]) -> None:
    assert [code for code, outcomes in seen.items() if Outcome.ERROR in outcomes] == []
