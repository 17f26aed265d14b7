"""Runs over several accounts of a settings file: one that refuses does not stop the others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.clients import AccountTarget
from poolwatch.pipeline import collect
from poolwatch.posture import Finding, read_posture
from poolwatch.signing_in import scopes_in_use
from records.errors import CredentialsError, UsageError
from records.evaluation import Outcome
from records.facet import Reason
from records.resource import ResourceType, Scope
from records.run import RunState
from rules.catalogue import catalogue
from store.reader import open_reader
from tests.account import REGION, Account
from tests.command_line import run

OWN = "123456789012"
SHOP = "222233334444"
STAGING = "333344445555"
SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
PAST = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


STRONG = {
    "MinimumLength": 12,
    "RequireLowercase": True,
    "RequireUppercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 1,
}


def role(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:role/auditor"


ACCOUNTS = f"""
[[accounts]]
id = "{OWN}"
name = "hub"
regions = ["{REGION}"]
[[accounts]]
role_arn = "{role(SHOP)}"
name = "shop"
environment = "production"
owner = "web"
external_id = "customer-7"
regions = ["{REGION}", "us-east-1"]
"""
ACCEPTED = f"""
[[accepted_gaps]]
operation = "sts:AssumeRole"
account = "{SHOP}"
reason = "the role comes later"
until = %s
"""

Write = Callable[[str], Path]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "poolwatch.toml"
        path.write_text(f'rate_share = "off"\n{text}', encoding="utf-8")
        return path

    return written


def refuse(aws: Account, account_id: str = SHOP) -> None:
    aws.controls.add_fault(operation="sts:AssumeRole", kind="denied", resource=f"::{account_id}:")


def test_all_accounts_of_the_file_are_read_in_their_regions(aws: Account, store: Path, write: Write) -> None:
    aws.small_company()
    result = run("collect", "--config", write(ACCOUNTS), "--store", store)
    assert result.exit_code == 0
    with open_reader(store) as reader:
        (newest,) = reader.runs()
        names = reader.accounts()
    assert set(newest.scopes) == {Scope(OWN, REGION), Scope(SHOP, REGION), Scope(SHOP, "us-east-1")}
    assert (names[SHOP].name, names[SHOP].environment, names[SHOP].owner) == ("shop", "production", "web")
    assert names[OWN].name == "hub"


def test_an_account_that_refuses_is_a_gap_and_the_others_are_read(
    aws: Account, store: Path, write: Write
) -> None:
    aws.small_company()
    refuse(aws)
    result = run("collect", "--config", write(ACCOUNTS), "--store", store)
    assert result.exit_code == 3
    assert f"warning: Account {SHOP} (shop) was not read: The role {role(SHOP)} cannot be" in result.stderr
    assert "customer-7" not in result.output
    posture = read_posture(store)
    assert posture.run is not None
    assert posture.run.state is RunState.PARTIAL
    gaps = {(each.scope, each.resource_arn, each.gap.operation, each.gap.reason) for each in posture.gaps}
    assert gaps == {
        (scope, arn, "sts:AssumeRole", Reason.DENIED)
        for scope in (Scope(SHOP, REGION), Scope(SHOP, "us-east-1"))
        for arn in (scope.user_pool_arn("*"), scope.identity_pool_arn("*"))
    }
    judged = {each.evaluation.scope.account_id for each in posture.having(Outcome.PASS)}
    assert judged == {OWN}
    assert run("scan", "--config", write(ACCOUNTS), "--store", store).exit_code == 3


def test_what_was_known_of_an_account_that_refuses_stays_and_closes_nothing(
    aws: Account, store: Path, write: Write
) -> None:
    # All credentials lead to the account that is set; a role leads to its own, which is empty.
    aws.controls.set_account(SHOP)
    aws.small_company()
    aws.collect(store)
    before = {
        each.evaluation.resource_arn: each.opened_at for each in read_posture(store).having(Outcome.FAIL)
    }
    assert before
    aws.controls.set_account(OWN)
    refuse(aws)
    assert run("collect", "--config", write(ACCOUNTS), "--store", store).exit_code == 3
    posture = read_posture(store)
    (region,) = (each for each in posture.snapshot.regions if each.scope == Scope(SHOP, REGION))
    assert len(region.user_pools) == 2
    assert all(pool.settings.last_good and pool.settings.gap for pool in region.user_pools)
    with open_reader(store) as reader:
        open_now = {
            each.resource_arn: each.opened_at for each in reader.transitions() if each.outcome is Outcome.FAIL
        }
    assert open_now == before


def test_an_account_that_refuses_is_looked_for_where_it_was_read_before(aws: Account, store: Path) -> None:
    targets = [AccountTarget(), AccountTarget(role_arn=role(SHOP))]
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    collect(targets, store=store, regions=[REGION, "af-south-1"], rate_share=None, attempts=1)
    assert scopes_in_use(store, SHOP) == (Scope(SHOP, REGION),)
    assert scopes_in_use(store, STAGING) == ()
    refuse(aws)
    own = AccountTarget(regions=(REGION,))
    result = collect([own, targets[1]], store=store, rate_share=None, attempts=1)
    assert [each.scopes for each in result.refusals] == [(Scope(SHOP, REGION),)]


@pytest.mark.parametrize(
    ("arn", "regions", "message"),
    [
        pytest.param(role(SHOP), ("eu-west-9",), "no region eu-west-9", id="a region that is none"),
        pytest.param(
            f"arn:aws-us-gob:iam::{SHOP}:role/auditor", (), "in the partition aws-us-gob", id="a partition"
        ),
    ],
)
def test_an_account_that_refuses_is_never_left_out_for_a_mistake_in_its_settings(
    aws: Account, store: Path, arn: str, regions: tuple[str, ...], message: str
) -> None:
    refuse(aws)
    targets = [AccountTarget(regions=(REGION,)), AccountTarget(role_arn=arn, regions=regions)]
    with pytest.raises(UsageError, match=message):
        collect(targets, store=store, rate_share=None, attempts=1)


def test_a_region_may_be_that_of_an_account_that_refuses_alone(aws: Account, store: Path) -> None:
    refuse(aws)
    government = AccountTarget(role_arn=f"arn:aws-us-gov:iam::{SHOP}:role/auditor")
    regions = [REGION, "us-gov-west-1"]
    result = collect([AccountTarget(), government], store=store, regions=regions, rate_share=None, attempts=1)
    assert result.run.state is RunState.PARTIAL
    assert set(result.run.scopes) == {Scope(OWN, REGION), Scope(SHOP, "us-gov-west-1", "aws-us-gov")}


def test_when_no_account_can_be_signed_in_to_the_run_has_failed(
    aws: Account, store: Path, write: Write
) -> None:
    config = write(ACCOUNTS)
    aws.collect(store)
    aws.controls.add_fault(operation="*", kind="expired")
    result = run("collect", "--config", config, "--store", store)
    assert result.exit_code == 4
    assert "None of the 2 accounts can be signed in to. The first of them: The AWS cred" in result.stderr
    with open_reader(store) as reader:
        latest = reader.latest_run()
    assert latest is not None
    assert latest.state is RunState.FAILED


@pytest.mark.parametrize("until", [SOON, PAST])
def test_an_accepted_gap_leaves_a_run_complete_until_its_day(
    aws: Account, store: Path, write: Write, until: str
) -> None:
    aws.small_company()
    refuse(aws)
    config = write(ACCOUNTS + ACCEPTED % until)
    status = 0 if until == SOON else 3
    result = run("collect", "--config", config, "--store", store)
    assert result.exit_code == status
    assert ("Not read" in result.stdout) is (until == PAST)
    scan = run("scan", "--config", config, "--store", store)
    assert scan.exit_code == status
    assert (f"4 gaps: the role comes later (until {until})" in scan.stdout) is (until == SOON)
    # Once, although four lists are hidden.
    told = run("scan", "--store", store, columns=300).stdout
    assert told.count(f"account {SHOP}: The role {role(SHOP)} cannot be assumed") == (until == PAST)


def test_an_accepted_gap_covers_no_other_one(aws: Account, store: Path, write: Write) -> None:
    aws.small_company()
    refuse(aws)
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="denied")
    config = write(ACCOUNTS + ACCEPTED % SOON)
    assert run("collect", "--config", config, "--store", store).exit_code == 3
    assert run("scan", "--config", config, "--store", store).exit_code == 3


def test_credentials_of_another_account_than_the_files_are_refused(
    aws: Account, store: Path, write: Write
) -> None:
    wrong = ACCOUNTS.replace(OWN, STAGING)
    result = run("collect", "--config", write(wrong), "--store", store)
    assert result.exit_code == 3
    assert f"should lead to account {STAGING}, but arn:aws:iam::{OWN}:user/" in result.stderr
    with pytest.raises(UsageError, match=f"{STAGING}.*{OWN}"):
        collect([AccountTarget(account_id=STAGING)], store=store, rate_share=None, attempts=1)


def test_a_profile_that_is_not_there_does_not_stop_the_others(
    aws: Account, store: Path, write: Write
) -> None:
    text = f'{ACCOUNTS}\n[[accounts]]\nid = "{STAGING}"\nprofile = "nosuch"\nregions = ["{REGION}"]\n'
    result = run("collect", "--config", write(text), "--store", store)
    assert result.exit_code == 3
    assert "(nosuch) could not be found" in result.stderr
    assert {gap.scope for gap in read_posture(store).gaps} == {Scope(STAGING, REGION)}


def test_two_ways_into_one_account_are_refused(aws: Account, store: Path) -> None:
    targets = [AccountTarget(), AccountTarget(role_arn=role(OWN))]
    with pytest.raises(UsageError, match="lead to the same account"):
        collect(targets, store=store, rate_share=None, attempts=1)


def test_options_go_before_the_files_accounts(aws: Account, store: Path, write: Write) -> None:
    result = run(
        "collect",
        "--config",
        write(ACCOUNTS),
        "--store",
        store,
        "--role-arn",
        role(STAGING),
        "--region",
        REGION,
    )
    assert result.exit_code == 0
    with open_reader(store) as reader:
        assert reader.runs()[0].scopes == (Scope(STAGING, REGION),)


def test_sign_ins_run_side_by_side(aws: Account, store: Path) -> None:
    targets = [AccountTarget(role_arn=role(f"{number:012}")) for number in range(1, 9)]
    aws.controls.set_latency(0.2)
    aws.controls.reset_calls()
    collect(targets, store=store, regions=[REGION], rate_share=None, attempts=1)
    assert aws.controls.calls()["peak_concurrency"] > 2


def test_rules_judge_by_the_files_numbers_everywhere(aws: Account, store: Path, write: Write) -> None:
    pool = aws.user_pool("shop", Policies={"PasswordPolicy": STRONG})
    arn = Scope(OWN, REGION).user_pool_arn(pool)
    code = next(
        each.evaluation.code
        for each in _collected(aws, store)
        if "minimum_length" in each.rule.parameters and each.evaluation.resource_arn == arn
    )
    strict = write(f"[rules.{code}]\nminimum_length = 20\n")
    assert run("verify", code, arn, "--store", store).exit_code == 0
    assert run("verify", code, arn, "--store", store, "--config", strict).exit_code == 1
    assert f"{code} " not in run("scan", "--store", store).stdout
    assert f"{code} " in run("scan", "--store", store, "--config", strict).stdout
    assert run("collect", "--config", strict, "--region", REGION, "--store", store).exit_code == 0
    assert code in _open(store)
    off = write(f"[rules.{code}]\nenabled = false\n")
    assert f"{code} " not in run("scan", "--store", store, "--config", off).stdout
    assert run("collect", "--config", off, "--region", REGION, "--store", store).exit_code == 0
    assert code not in _open(store)


def _collected(aws: Account, store: Path) -> tuple[Finding, ...]:
    aws.collect(store)
    return read_posture(store).findings


def _open(store: Path) -> set[str]:
    with open_reader(store) as reader:
        return {each.code for each in reader.transitions() if each.outcome is Outcome.FAIL}


def test_verify_picks_the_account_that_the_arn_names(aws: Account, store: Path, write: Write) -> None:
    aws.controls.set_account(SHOP)
    pool = aws.user_pool("shop")
    aws.controls.set_account(OWN)
    arn = Scope(SHOP, REGION).user_pool_arn(pool)
    code = next(rule.code for rule in catalogue() if rule.resource_type is ResourceType.USER_POOL)
    result = run("verify", code, arn, "--config", write(ACCOUNTS), "--store", store)
    assert result.exit_code in (0, 1)
    result = run("verify", code, arn, "--store", store)
    assert result.exit_code == 2
    assert f"The ARN is of account {SHOP}" in result.stderr


def test_doctor_tries_every_account_and_tells_it_by_name(aws: Account, store: Path, write: Write) -> None:
    aws.small_company()
    refuse(aws)
    result = run("doctor", "--config", write(ACCOUNTS), "--store", store, columns=400)
    assert result.exit_code == 3
    assert f"hub ({OWN}): Account {OWN} as arn:aws:iam::{OWN}:user/poolwatch-auditor" in result.stdout
    assert f"lacks  sign-in     shop ({SHOP}): The role {role(SHOP)} cannot be assumed" in result.stdout
    assert f"hub ({OWN}): 1 region answered" in result.stdout
    aws.controls.add_fault(operation="*", kind="expired")
    result = run("doctor", "--config", write(ACCOUNTS), "--store", store, columns=400)
    assert result.exit_code == 4
    assert "None of the 2 accounts can be signed in to." in result.stdout


def test_doctor_tells_each_mistake_of_the_file(store: Path, write: Write) -> None:
    result = run("doctor", "--config", write("stroe = 1\nbaselin = 'x'\n"), "--store", store, columns=400)
    assert result.exit_code == 4
    assert "stroe is unknown; did you mean store?" in result.stdout
    assert "?." not in result.stdout
    assert "baselin is unknown; did you mean baseline?" in result.stdout
    assert "note   store" in result.stdout


def test_doctor_names_the_accepted_gaps_that_accept_nothing(aws: Account, store: Path, write: Write) -> None:
    aws.small_company()
    refuse(aws)
    elsewhere = (ACCEPTED % SOON).replace(SHOP, STAGING)
    no_region = f'{ACCEPTED % SOON}region = "xx-north-1"\n'
    no_gap = (ACCEPTED % SOON).replace("sts:AssumeRole", "cognito-idp:DescribeUserPool")
    config = write(ACCOUNTS + ACCEPTED % SOON + ACCEPTED % PAST + elsewhere + no_region + no_gap)
    run("collect", "--config", config, "--store", store)
    told = run("doctor", "--config", config, "--store", store, columns=400).stdout
    assert "is sound: 2 accounts, baseline fsbp, 0 rules of its own, 5 accepted gaps, 0 mutes." in told
    assert "accepted_gaps[1]" not in told
    assert f"accepted_gaps[2] (the role comes later) was accepted until {PAST}" in told
    assert f"accepted_gaps[3] (the role comes later) is about account {STAGING}" in told
    assert "accepted_gaps[4] (the role comes later) is about xx-north-1" in told
    assert "accepted_gaps[5] (the role comes later) covers no gap of the newest run" in told


def test_a_single_account_that_refuses_fails_as_it_always_did(aws: Account, store: Path) -> None:
    refuse(aws)
    with pytest.raises(CredentialsError, match="cannot be assumed"):
        collect([AccountTarget(role_arn=role(SHOP))], store=store, rate_share=None, attempts=1)
    assert not store.exists()
