import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import botocore.session
import pytest

from records.evaluation import Outcome
from records.facet import FacetName
from records.snapshot import Snapshot
from records.surroundings import KmsKey, LambdaFunction
from records.user_pool import LambdaTrigger
from rules.engine import Baseline
from rules.evaluating import evaluate
from rules.runtimes import DEPRECATION_DATES, RUNTIMES_AS_OF, deprecation_date
from rules.triggers import (
    custom_sender_key_is_unusable,
    trigger_function_is_gone,
    trigger_is_in_another_account,
    trigger_runtime_ends_soon,
    trigger_runtime_is_deprecated,
    user_pool_key_is_unusable,
)
from tests.builders import make_gap, make_snapshot, make_user_pool, make_user_pool_snapshot
from tests.rules.judging import Case, fails, is_no_matter, is_unknown, passes
from tests.rules.triggering import (
    FUNCTION,
    FUNCTION_ARN,
    NO_FUNCTION,
    NO_TRIGGERS,
    OTHER_ARN,
    calls,
    two_functions,
)

STRANGE_ARN = "arn:aws:lambda:eu-west-1:999988887777:function:sign-up"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1a2b3c4d"
NO_KEY = make_gap("kms:DescribeKey")

IMAGE = dataclasses.replace(FUNCTION, runtime=None, package_type="Image")
KEY = KmsKey(arn=KEY_ARN, state="Enabled", manager="CUSTOMER", origin="AWS_KMS", deletion_at=None)
DOOMED_KEY = dataclasses.replace(
    KEY, state="PendingDeletion", deletion_at=datetime(2026, 12, 1, 8, tzinfo=UTC)
)


def on(runtime: str) -> LambdaFunction:
    return dataclasses.replace(FUNCTION, runtime=runtime)


def with_key(**overrides: Any) -> Snapshot:
    state: Any = overrides.pop("key", KEY)
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(make_user_pool(**overrides))],
        references={(FacetName.KMS_KEY, KEY_ARN): state},
    )


def custom_sender(key: Any, *, key_arn: str | None = KEY_ARN) -> Snapshot:
    sender = LambdaTrigger(stage="CustomEmailSender", function_arn=FUNCTION_ARN, version="V1_0")
    return with_key(triggers=(sender,), custom_sender_kms_key_arn=key_arn, key=key)


def own_key(key: Any) -> Snapshot:
    return with_key(key_type="CUSTOMER_MANAGED_KEY", kms_key_arn=KEY_ARN, key=key)


GONE = [
    fails(
        trigger_function_is_gone,
        "at a security gate and behind it",
        calls("PreSignUp", "PostConfirmation", function=None),
        "calls at PreSignUp and PostConfirmation a function that does not exist, which decides"
        f" who may sign up: {FUNCTION_ARN}",
        evidence=(
            ("LambdaConfig.PreSignUp", FUNCTION_ARN),
            ("LambdaConfig.PostConfirmation", FUNCTION_ARN),
        ),
    ),
    fails(
        trigger_function_is_gone,
        "at no gate",
        calls("CustomMessage", function=None),
        f"calls at CustomMessage a function that does not exist: {FUNCTION_ARN}",
        evidence=(("LambdaConfig.CustomMessage", FUNCTION_ARN),),
    ),
    fails(
        trigger_function_is_gone,
        "another one unread, which comes first",
        two_functions(NO_FUNCTION, None, FacetName.FUNCTION),
        "calls at PreTokenGeneration a function that does not exist, which decides"
        f" what tokens say of a user: {OTHER_ARN}",
        gaps=(NO_FUNCTION,),
    ),
    passes(trigger_function_is_gone, "there", calls("PreSignUp")),
    is_no_matter(trigger_function_is_gone, "no triggers", NO_TRIGGERS),
    is_unknown(trigger_function_is_gone, "unread", calls("PreSignUp", function=NO_FUNCTION), NO_FUNCTION),
]
RUNTIMES = [
    fails(
        trigger_runtime_is_deprecated,
        "long ago",
        calls("PreSignUp", function=on("nodejs16.x")),
        f"calls {FUNCTION_ARN} on nodejs16.x, which AWS deprecated on 2024-06-12, by its list"
        f" of {RUNTIMES_AS_OF}",
        evidence=(
            ("LambdaConfig.PreSignUp", FUNCTION_ARN),
            ("Functions[sign-up].Runtime", "nodejs16.x"),
        ),
    ),
    passes(trigger_runtime_is_deprecated, "supported", calls("PreSignUp")),
    passes(trigger_runtime_is_deprecated, "not yet", calls("PreSignUp", function=on("python3.11"))),
    passes(trigger_runtime_is_deprecated, "unknown", calls("PreSignUp", function=on("cobol74"))),
    passes(trigger_runtime_is_deprecated, "an image", calls("PreSignUp", function=IMAGE)),
    passes(trigger_runtime_is_deprecated, "no such function", calls("PreSignUp", function=None)),
    is_no_matter(trigger_runtime_is_deprecated, "no triggers", NO_TRIGGERS),
    is_unknown(
        trigger_runtime_is_deprecated, "unread", calls("PreSignUp", function=NO_FUNCTION), NO_FUNCTION
    ),
    fails(
        trigger_runtime_ends_soon,
        "within half a year",
        calls("PreSignUp", function=on("nodejs22.x")),
        f"calls {FUNCTION_ARN} on nodejs22.x, which AWS deprecates on 2027-04-30, by its list"
        f" of {RUNTIMES_AS_OF}",
        evidence=(
            ("LambdaConfig.PreSignUp", FUNCTION_ARN),
            ("Functions[sign-up].Runtime", "nodejs22.x"),
        ),
    ),
    passes(trigger_runtime_ends_soon, "later", calls("PreSignUp", function=on("python3.11"))),
    passes(trigger_runtime_ends_soon, "already ended", calls("PreSignUp", function=on("nodejs16.x"))),
    passes(trigger_runtime_ends_soon, "unknown", calls("PreSignUp", function=on("cobol74"))),
    is_no_matter(trigger_runtime_ends_soon, "no triggers", NO_TRIGGERS),
    is_unknown(trigger_runtime_ends_soon, "unread", calls("PreSignUp", function=NO_FUNCTION), NO_FUNCTION),
]
ACCOUNTS = [
    fails(
        trigger_is_in_another_account,
        "another account",
        calls("PreSignUp", arn=STRANGE_ARN),
        f"calls at PreSignUp a function of account 999988887777: {STRANGE_ARN}",
        evidence=(("LambdaConfig.PreSignUp", STRANGE_ARN),),
    ),
    passes(trigger_is_in_another_account, "this account", calls("PreSignUp")),
    passes(trigger_is_in_another_account, "no ARN", calls("PreSignUp", arn="sign-up\n")),
    is_no_matter(trigger_is_in_another_account, "no triggers", NO_TRIGGERS),
]
KEYS = [
    fails(
        custom_sender_key_is_unusable,
        "about to be deleted",
        custom_sender(DOOMED_KEY),
        "encrypts the codes for its custom sender under a key that is PendingDeletion"
        " and deleted on 2026-12-01",
        evidence=(
            ("LambdaConfig.KMSKeyID", KEY_ARN),
            ("LambdaConfig", ("CustomEmailSender",)),
            ("KeyMetadata.KeyState", "PendingDeletion"),
            ("KeyMetadata.DeletionDate", "2026-12-01"),
        ),
    ),
    fails(
        custom_sender_key_is_unusable,
        "no such key",
        custom_sender(None),
        "encrypts the codes for its custom sender under a key that does not exist",
        evidence=(("LambdaConfig.KMSKeyID", KEY_ARN), ("LambdaConfig", ("CustomEmailSender",))),
    ),
    passes(custom_sender_key_is_unusable, "usable", custom_sender(KEY)),
    is_no_matter(custom_sender_key_is_unusable, "no key named", custom_sender(KEY, key_arn=None)),
    is_no_matter(
        custom_sender_key_is_unusable,
        "a key left over without a custom sender",
        with_key(custom_sender_kms_key_arn=KEY_ARN, key=DOOMED_KEY),
    ),
    is_unknown(custom_sender_key_is_unusable, "unread", custom_sender(NO_KEY), NO_KEY),
    *(
        fails(
            user_pool_key_is_unusable,
            state,
            own_key(dataclasses.replace(KEY, state=state)),
            f"encrypts its data under a key that is {state}",
        )
        for state in (
            "Disabled",
            "PendingDeletion",
            "PendingImport",
            "PendingReplicaDeletion",
            "Unavailable",
        )
    ),
    fails(
        user_pool_key_is_unusable,
        "no such key",
        own_key(None),
        "encrypts its data under a key that does not exist",
        evidence=(
            ("KeyConfiguration.KmsKeyArn", KEY_ARN),
            ("KeyConfiguration.KeyType", "CUSTOMER_MANAGED_KEY"),
        ),
    ),
    *(
        passes(user_pool_key_is_unusable, f"{state}", own_key(dataclasses.replace(KEY, state=state)))
        for state in ("Enabled", "Updating", None)
    ),
    is_no_matter(
        user_pool_key_is_unusable, "a key of AWS", make_snapshot(user_pools=[make_user_pool_snapshot()])
    ),
    is_unknown(user_pool_key_is_unusable, "unread", own_key(NO_KEY), NO_KEY),
]
CASES = [*GONE, *RUNTIMES, *ACCOUNTS, *KEYS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_trigger_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("today", "is_deprecated", "ends_soon"),
    [
        (date(2026, 10, 31), False, False),
        (date(2026, 11, 1), False, True),
        (date(2027, 4, 29), False, True),
        (date(2027, 4, 30), True, False),
    ],
)
def test_a_runtime_is_told_by_the_day(today: date, *, is_deprecated: bool, ends_soon: bool) -> None:
    rules = (trigger_runtime_is_deprecated, trigger_runtime_ends_soon)
    snapshot = calls("PreSignUp", function=on("nodejs22.x"))

    outcomes = [each.outcome is Outcome.FAIL for each in evaluate(snapshot, rules, today=today)]

    assert outcomes == [is_deprecated, ends_soon]


def test_a_runtime_ends_on_its_day() -> None:
    assert deprecation_date("nodejs20.x") == date(2026, 4, 30)
    assert deprecation_date("nodejs20") is None
    assert deprecation_date(None) is None


def test_runtimes_are_lambdas_own() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    enum = model.shape_for("Runtime").metadata["enum"]

    assert {*DEPRECATION_DATES} <= {*enum}
    # What has no date: preview runtimes, and one that is no language's.
    assert {*enum} - {*DEPRECATION_DATES} == {"nodejs26.x", "python3.15", "custom"}
    assert date(2026, 1, 1) < RUNTIMES_AS_OF


def test_a_settings_file_may_look_ahead_beyond_the_end_of_time() -> None:
    baseline = Baseline(name="own", parameters={trigger_runtime_ends_soon.code: {"days": 2**64}})
    snapshot = calls("PreSignUp", function=on("python3.11"))
    (found,) = evaluate(snapshot, [trigger_runtime_ends_soon], today=date(2026, 11, 23), baseline=baseline)
    assert found.outcome is Outcome.FAIL
