"""`poolwatch doctor`: what it sees of an account, a machine and a store, and that it writes nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.clients import AccountTarget, open_account
from collectors.limiter import RateLimiter
from collectors.policy import CALLS
from poolwatch import doctor
from poolwatch.checks import Check, Status
from poolwatch.doctor import examine
from poolwatch.permissions import permissions
from poolwatch.reading import Reading
from poolwatch.sampling import Estimate, Sample
from records.facet import FacetName, Gap, Reason, iam_actions
from records.resource import Scope
from records.run import Answer
from tests.account import REGION, Account
from tests.command_line import run

HERE = ("--region", REGION, "--rate-share", "off")
OWN = "123456789012"
OTHER = "222233334444"
SCOPE = Scope(OWN, REGION)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def checks(subject: str, store: Path, *regions: str, **options: object) -> list[Check]:
    found = examine(
        [AccountTarget()],
        store=store,
        regions=regions or (REGION,),
        rate_share=None,
        **options,  # type: ignore[arg-type]
    )
    return [check for check in found if check.subject == subject]


def test_facets_name_the_operations_that_are_declared() -> None:
    operations = {each for facet in FacetName for each in facet.operations}
    assert operations | {"sts:GetCallerIdentity"} == CALLS


def test_all_is_well_with_a_readable_account_and_nothing_is_written(aws: Account, store: Path) -> None:
    aws.small_company()
    result = run("doctor", *HERE, "--store", store)
    text = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "as arn:aws:iam::123456789012:user/poolwatch-auditor, by credentials from env." in text
    assert "1 region answered; pools are in eu-west-1 (2 user pools, 1 identity pool)." in text
    called = set(aws.controls.calls()["calls"])
    assert f"{len(called)} of the {len(CALLS)} operations were tried and are allowed." in text
    assert f"{len(CALLS - called)} operations could not be tried" in text
    assert "($0)" in text
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert not store.exists()
    assert called < CALLS


def answer(facet: FacetName, outcome: object, arn: str = "arn") -> Answer:
    return Answer(scope=SCOPE, resource_arn=arn, facet=facet, outcome=outcome, at=datetime.now(UTC))


def gap(facet: FacetName, reason: Reason, operation: str | None = None) -> Answer:
    refusal = Gap(operation=operation or facet.operation, reason=reason, message="no")
    return answer(facet, refusal, f"arn:aws:lambda:{REGION}:{OTHER}:function:welcome")


@pytest.mark.parametrize(
    ("facet", "operation"), [(facet, each) for facet in FacetName for each in facet.operations]
)
def test_each_refused_operation_is_named_with_the_right_it_takes(facet: FacetName, operation: str) -> None:
    told = list(permissions([], [gap(facet, Reason.DENIED, operation)], CALLS))
    (check,) = told
    assert check.status is Status.LACKS
    assert check.message.startswith(f"Denied (1 operation): {operation}")
    assert all(action in check.message for action in iam_actions(operation))
    assert check.hint
    assert "`poolwatch policy`" in check.hint


def test_what_is_refused_stands_together_by_its_remedy(aws: Account, store: Path) -> None:
    aws.small_company()
    for operation in ("wafv2:GetWebACLForResource", "cognito-idp:ListGroups", "cloudtrail:DescribeTrails"):
        aws.controls.add_fault(operation=operation, kind="denied")
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="explicit_deny")
    result = run("doctor", *HERE, "--store", store, columns=400)
    assert result.exit_code == 3
    assert (
        "Denied (3 operations): cloudtrail:DescribeTrails, cognito-idp:ListGroups,"
        " wafv2:GetWebACLForResource (needs wafv2:GetWebACLForResource and"
        " cognito-idp:GetWebACLForResource)." in result.stdout
    )
    assert "Explicit deny (1 operation): cognito-idp:GetUserPoolMfaConfig." in result.stdout
    assert result.stdout.count("lacks ") == 2
    # What follows from a refused call is neither allowed nor refused.
    (untried,) = (line for line in result.stdout.splitlines() if "could not be tried" in line)
    assert "cloudtrail:GetTrailStatus" in untried
    assert "Some of them may follow" in result.stdout


def test_a_refusal_here_and_an_answer_there_are_told_apart(aws: Account, store: Path) -> None:
    aws.small_company()
    pool_id = aws.user_pool("third")
    aws.controls.add_fault(operation="cognito-idp:ListGroups", kind="denied", resource=pool_id)
    lacking = [check for check in checks("permissions", store) if check.status is Status.LACKS]
    assert [check.message for check in lacking] == [
        "Denied (1 operation): cognito-idp:ListGroups in some places."
    ]


def test_operations_behind_one_facet_count_as_far_as_they_were_called() -> None:
    called = {"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"}
    told = list(permissions([answer(FacetName.TRAILS, ())], [], called))
    assert told[0].message == f"3 of the {len(CALLS)} operations were tried and are allowed."
    assert "cloudtrail:GetEventSelectors" in told[1].message


def test_what_a_plan_lacks_is_no_missing_permission(aws: Account, store: Path) -> None:
    aws.user_pool("shop", clients=1, UserPoolTier="LITE")
    told = checks("permissions", store)
    assert [check.status for check in told] == [Status.OK, Status.NOTE]
    assert "cognito-idp:GetUserPoolSessionConfiguration" in told[1].message


def test_what_lies_in_another_account_is_told_as_that() -> None:
    gaps = [gap(FacetName.FUNCTION, Reason.OTHER_ACCOUNT)]
    (check,) = permissions([], gaps, CALLS)
    assert (check.subject, check.status) == ("references", Status.LACKS)
    assert f"{OTHER} (1 resource)" in check.message
    assert list(permissions([], gaps, CALLS, {OTHER})) == []


def test_a_trigger_that_can_be_tried_goes_before_one_that_cannot(aws: Account, store: Path) -> None:
    functions = (f"arn:aws:lambda:{REGION}:{account}:function:welcome" for account in (OTHER, OWN))
    aws.user_pool("shop", LambdaConfig=dict(zip(("PreSignUp", "PostConfirmation"), functions, strict=True)))
    untried = checks("permissions", store)[-1]
    assert "could not be tried" in untried.message
    assert "lambda:GetFunctionConfiguration" not in untried.message


def test_what_cannot_be_tried_is_said(aws: Account, store: Path) -> None:
    untried = checks("permissions", store)[-1]
    assert untried.status is Status.NOTE
    assert "cognito-idp:DescribeUserPoolClient" in untried.message
    assert "ListUserPools" not in untried.message.replace("ListUserPoolClients", "")
    assert run("doctor", *HERE, "--store", store).exit_code == 0


def test_a_region_that_is_off_is_a_note(aws: Account, store: Path) -> None:
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    answering, off = checks("regions", store, REGION, "af-south-1")
    assert (answering.status, off.status) == (Status.OK, Status.NOTE)
    assert "af-south-1" in off.message


def test_a_region_that_does_not_answer_ends_with_3(aws: Account, store: Path) -> None:
    aws.controls.add_fault(operation="*", kind="server_error", region="us-east-1")
    *_, silent = checks("regions", store, REGION, "us-east-1")
    assert silent.status is Status.LACKS
    assert silent.message.startswith("No answer from us-east-1 (")


def test_without_credentials_the_rest_is_still_told(store: Path) -> None:
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "note   store" in result.stdout
    assert "No AWS credentials were found." in result.stdout
    assert "poolwatch demo" in " ".join(result.stdout.split())


def test_credentials_that_end_in_the_middle_are_told(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="expired")
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "The AWS credentials have expired." in result.stdout


def test_no_network_is_told_apart_from_no_permission(
    store: Path, aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "Could not connect to the endpoint URL" in " ".join(result.stdout.split())


def test_a_profile_that_is_not_there_is_wrong_use(store: Path) -> None:
    assert run("doctor", *HERE, "--store", store, "--profile", "nosuch").exit_code == 2


def test_a_sound_store_is_told(aws: Account, demo_store: Path) -> None:
    (check,) = checks("store", demo_store)
    assert check.status is Status.OK


@pytest.mark.parametrize(
    ("path", "obstacle"),
    [
        ("file", "file cannot hold one (it is a file)"),
        ("file/deep/store", "file cannot hold one (it is a file)"),
        ("link", "link cannot hold one (it is a file)"),
        ("/proc/poolwatch/store", "/proc cannot hold one ("),
    ],
    ids=["a file", "in a file", "a link to nothing", "a file system of the kernel's"],
)
def test_a_store_that_cannot_be_made_ends_with_4(
    aws: Account, tmp_path: Path, path: str, obstacle: str
) -> None:
    (tmp_path / "file").write_text("not a store", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (check,) = checks("store", tmp_path / path)
    assert check.status is Status.FAILED
    assert obstacle in check.message
    assert check.hint
    assert run("doctor", *HERE, "--store", tmp_path / path).exit_code == 4


def test_a_store_that_can_be_made_is_a_note_and_leaves_no_trace(aws: Account, tmp_path: Path) -> None:
    (check,) = checks("store", tmp_path / "not" / "yet")
    assert check.status is Status.NOTE
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_ends_with_4(aws: Account, store: Path) -> None:
    store.mkdir(mode=0o700)
    (store / "state.sqlite").write_bytes(b"no database" * 100)
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "failed store" in result.stdout


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        (timedelta(minutes=12), "12 minutes ahead of"),
        (timedelta(minutes=-12), "minutes behind"),
        (timedelta(seconds=30), ""),
    ],
    ids=["ahead", "behind", "right"],
)
def test_a_wrong_clock_is_told(aws: Account, store: Path, offset: timedelta, told: str) -> None:
    found = checks("clock", store, clock=lambda: datetime.now(UTC) + offset)
    assert bool(found) == bool(told)
    assert all(told in check.message for check in found)


def test_a_botocore_that_lacks_an_operation_is_told(
    aws: Account, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CALLS", CALLS | {"cognito-idp:ReadTheFuture"})
    (check,) = checks("program", store)
    assert check.status is Status.LACKS
    assert "cognito-idp:ReadTheFuture" in check.message


def test_the_estimate_counts_as_a_run_does_and_reads_a_sample(aws: Account, store: Path) -> None:
    function = f"arn:aws:lambda:{REGION}:{OWN}:function:welcome"
    for number in range(6):
        mail = f"arn:aws:ses:{REGION}:{OWN}:identity/shop{number}.example"
        aws.user_pool(
            f"shop-{number}",
            clients=2,
            LambdaConfig={"PreSignUp": function},
            EmailConfiguration={"EmailSendingAccount": "DEVELOPER", "SourceArn": mail},
        )
    for number in range(4):
        aws.identity_pool(f"uploads-{number}")
    aws.controls.reset_calls()
    (check,) = checks("cost", store)
    sampled = aws.controls.calls()["calls"]
    assert sampled["cognito-idp:DescribeUserPoolClient"] == 3
    aws.controls.reset_calls()
    aws.collect(store)
    calls = aws.controls.calls()["calls"]
    assert (calls["lambda:GetFunctionConfiguration"], calls["sesv2:GetAccount"]) == (1, 1)
    assert f"about {sum(calls.values())} calls" in check.message


def test_the_time_follows_the_busiest_quota(aws: Account) -> None:
    for number in range(80):
        aws.identity_pool(f"pool-{number}")
    aws.controls.reset_calls()
    account, sample = open_account(AccountTarget(), RateLimiter(None), region=REGION), Sample()
    reading = Reading({OWN: account}, keep=lambda _answer: None, clock=lambda: datetime.now(UTC))
    reading.read([SCOPE], is_paced=False, reads=sample.region_reads)
    estimate = sample.estimate(account.calls)
    # At 2 a second, the pace for operations without a published quota.
    assert estimate.seconds == pytest.approx(80 / 2)
    assert estimate.calls > 160


@pytest.mark.parametrize(
    ("seconds", "share", "told"),
    [
        (40, 1.0, "less than a minute at 100% of"),
        (40, 0.5, "about 1 minute at 50% of"),
        (40, None, "as fast as AWS answers"),
    ],
)
def test_the_time_is_told_by_the_share_of_the_quotas(
    aws: Account, store: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, share: float | None, told: str
) -> None:
    monkeypatch.setattr(Sample, "estimate", lambda _self, _calls: Estimate(calls=1234, seconds=seconds))
    found = examine([AccountTarget()], store=store, regions=[REGION], rate_share=share)
    (check,) = [check for check in found if check.subject == "cost"]
    assert f"about 1,235 calls, {told}" in check.message
