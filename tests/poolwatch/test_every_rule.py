"""Every rule on what the emulated AWS answers: it fails, passes, does not apply and is unknown somewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import child
from demo.clients import Controls
from poolwatch.posture import read_posture
from records.evaluation import Outcome
from rules.catalogue import catalogue
from rules.engine import Rule
from tests.account import Account
from tests.exhibits import app_clients, of_identity_pools, of_user_pools
from tests.exhibits.lacking import LACKING
from tests.exhibits.showing import Bench, Exhibit
from tests.rules.judging import EVERY_RULE

# Denied, they leave the rules' subjects listed and unread.
DESCRIBING = (
    "cognito-idp:DescribeUserPool",
    "cognito-idp:DescribeUserPoolClient",
    "cognito-idp:DescribeUserPoolDomain",
    "cognito-idp:DescribeIdentityProvider",
    "cognito-identity:DescribeIdentityPool",
)

Seen = dict[str, set[Outcome]]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account of exhibits, in a process of its own."""
    with pytest.MonkeyPatch.context() as patch, child.spawn() as server:
        patch.setenv("AWS_ENDPOINT_URL", server.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        made = Account(server.url, Controls(server.url))
        app_clients.make(made)
        for each in (*vars(of_identity_pools).values(), *vars(of_user_pools).values()):
            if isinstance(each, Exhibit):
                each.make(Bench(server.url))
        yield made


@pytest.fixture(scope="module")
def seen(account: Account, demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """By rule, what it says of the demo, of the exhibits, and of the exhibits that may not be read."""
    stores = tmp_path_factory.mktemp("exhibits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", account.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        account.collect(stores / "read")
        for operation in DESCRIBING:
            account.controls.add_fault(operation=operation, kind="denied")
        account.collect(stores / "denied")
    found: Seen = {}
    for store in (demo_store, stores / "read", stores / "denied"):
        for each in read_posture(store, baseline=EVERY_RULE).findings:
            found.setdefault(each.rule.code, set()).add(each.evaluation.outcome)
    return found


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: f"{rule.code}-{rule.slug}")
def test_every_rule_says_all_that_it_can_say(rule: Rule, seen: Seen) -> None:
    due = {Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN}
    due |= {Outcome.NOT_APPLICABLE} if rule.applies else set()
    # Equal, so that a line must go from the table with the exhibit that makes it untrue.
    assert due - seen.get(rule.code, set()) == LACKING.get(rule.code, set())


def test_no_rule_breaks(seen: Seen) -> None:
    assert [code for code, outcomes in seen.items() if Outcome.ERROR in outcomes] == []
