"""User pools that call functions, for the tables of the trigger rules."""

from collections.abc import Mapping
from typing import Any

from records.facet import FacetName
from records.snapshot import Snapshot
from records.surroundings import LambdaFunction
from records.user_pool import LambdaTrigger
from tests.builders import make_gap, make_snapshot, make_user_pool, make_user_pool_snapshot

FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up"
OTHER_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:tokens:live"
FUNCTION_ROLE_ARN = "arn:aws:iam::111122223333:role/sign-up"

NO_FUNCTION = make_gap("lambda:GetFunctionConfiguration")

FUNCTION = LambdaFunction(
    arn=FUNCTION_ARN,
    name="sign-up",
    runtime="python3.13",
    package_type="Zip",
    role_arn=FUNCTION_ROLE_ARN,
    state="Active",
    last_update_status="Successful",
)

References = Mapping[tuple[FacetName, str], Any]


def calls(
    *stages: str,
    arn: str = FUNCTION_ARN,
    function: Any = FUNCTION,
    policy: Any = None,
    role: Any = None,
    more: References | None = None,
    **overrides: Any,
) -> Snapshot:
    """Build a user pool whose stages call one function, beside the triggers of the overrides."""
    triggers = tuple(LambdaTrigger(stage=stage, function_arn=arn, version=None) for stage in stages)
    overrides.setdefault("triggers", triggers)
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(make_user_pool(**overrides))],
        references={
            (FacetName.FUNCTION, arn): function,
            (FacetName.FUNCTION_POLICY, arn): policy,
            (FacetName.ROLE_POLICIES, FUNCTION_ROLE_ARN): role,
            **(more or {}),
        },
    )


def two_functions(first: Any, second: Any, facet: FacetName) -> Snapshot:
    """Build a user pool with PreSignUp, whose facet is the first, and PreTokenGeneration, the second."""
    triggers = (
        LambdaTrigger(stage="PreSignUp", function_arn=FUNCTION_ARN, version=None),
        LambdaTrigger(stage="PreTokenGeneration", function_arn=OTHER_ARN, version="V2_0"),
    )
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(make_user_pool(triggers=triggers))],
        references={
            (FacetName.FUNCTION, FUNCTION_ARN): FUNCTION,
            (FacetName.FUNCTION, OTHER_ARN): FUNCTION,
            (facet, FUNCTION_ARN): first,
            (facet, OTHER_ARN): second,
        },
    )


NO_TRIGGERS = calls()
