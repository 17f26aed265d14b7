"""`poolwatch verify`: every exit status, the calls that it makes, and the store that it leaves alone."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from demo.clients import aws_client
from records.facet import FacetName, Holder
from records.resource import Resource, ResourceType, Scope
from rules.catalogue import catalogue
from rules.engine import Rule
from store import open_reader
from tests.account import REGION, Account
from tests.command_line import run

HERE = Scope("123456789012", REGION)
SIGNED_IN = {"sts:GetCallerIdentity": 1}
GUESTS = next(rule for rule in catalogue() if rule.code == "IDP001")
SHOP = HERE.user_pool_arn(f"{REGION}_abc123")


def is_wider(rule: Rule) -> bool:
    """Whether a rule judges a resource by what other pools are, too."""
    holders = {facet.holder for facet in rule.reads}
    if {FacetName.USER_POOLS, FacetName.IDENTITY_POOLS}.intersection(rule.reads):
        return True
    if rule.resource_type is ResourceType.IDENTITY_POOL:
        return bool(holders & {Holder.USER_POOL, Holder.APP_CLIENT})
    return Holder.IDENTITY_POOL in holders


# IAM roles are not read by themselves.
OF_POOLS = [rule for rule in catalogue() if rule.resource_type is not ResourceType.ROLE]
WIDER = [rule for rule in OF_POOLS if is_wider(rule)]
OWN = [rule for rule in OF_POOLS if rule not in WIDER]


@dataclass(frozen=True)
class Shop:
    """A user pool with one app client, identity provider and domain, and an identity pool, by their ARNs."""

    pool_id: str
    user_pool: str
    app_client: str
    identity_provider: str
    domain: str
    identity_pool: str

    def of_type(self, kind: ResourceType) -> str:
        return {
            ResourceType.USER_POOL: self.user_pool,
            ResourceType.APP_CLIENT: self.app_client,
            ResourceType.IDENTITY_PROVIDER: self.identity_provider,
            ResourceType.DOMAIN: self.domain,
            ResourceType.IDENTITY_POOL: self.identity_pool,
        }[kind]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def shop(aws: Account) -> Shop:
    pool_id = aws.user_pool("shop")
    client_id = aws.app_client(pool_id, "web")
    idp = aws_client("cognito-idp", aws.url, REGION)
    idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Staff",
        ProviderType="OIDC",
        ProviderDetails={"client_id": "shop", "oidc_issuer": "https://id.example.com"},
    )
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop-of-somebody")
    identity_pool_id = aws.identity_pool("uploads", guests=True)
    # Nothing but the resource itself is to be read.
    aws.user_pool("portal", clients=2)
    aws.controls.reset_calls()
    return Shop(
        pool_id,
        HERE.user_pool_arn(pool_id),
        HERE.app_client_arn(pool_id, client_id),
        HERE.identity_provider_arn(pool_id, "Staff"),
        HERE.domain_arn(pool_id, "shop-of-somebody"),
        HERE.identity_pool_arn(identity_pool_id),
    )


def verify(*arguments: str | Path) -> Result:
    return run("verify", *arguments, "--rate-share", "off")


def document(*arguments: str | Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(verify(*arguments, "--format", "json").stdout)
    return parsed


def flat(text: str) -> str:
    return " ".join(text.split())


def digests(store: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in store.iterdir()}


def protect(aws: Account, pool_id: str) -> None:
    idp = aws_client("cognito-idp", aws.url, REGION)
    idp.update_user_pool(UserPoolId=pool_id, DeletionProtection="ACTIVE")


def require_mfa(aws: Account, pool_id: str) -> None:
    idp = aws_client("cognito-idp", aws.url, REGION)
    totp = {"Enabled": True}
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration=totp
    )


@pytest.mark.parametrize(("code", "mend"), [("GOV001", protect), ("AUT001", require_mfa)])
def test_a_mended_problem_passes_and_the_store_stays_as_it_is(
    aws: Account, shop: Shop, store: Path, code: str, mend: Callable[[Account, str], None]
) -> None:
    aws.collect(store)
    untouched = digests(store)
    failing = verify(code, shop.user_pool)
    assert failing.exit_code == 1
    assert "Was fail since 20" in flat(failing.stdout)
    assert "UTC; still fails now. The store was not changed" in flat(failing.stdout)
    mend(aws, shop.pool_id)
    mended = verify(code, shop.user_pool)
    assert mended.exit_code == 0
    assert mended.stdout.startswith(f"PASS     {code} ")
    assert "Was fail since 20" in flat(mended.stdout)
    assert "UTC; passes now. The store was not changed" in flat(mended.stdout)
    assert digests(store) == untouched
    with open_reader(store) as reader:
        assert (code, shop.user_pool) in {(each.code, each.resource_arn) for each in reader.transitions()}


def test_what_a_role_allows_is_read_behind_the_role(aws: Account, shop: Shop) -> None:
    iam = aws_client("iam", aws.url, REGION)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*"}]}
    role = iam.create_role(RoleName="users", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="users", PolicyName="all", PolicyDocument=json.dumps(rights))
    identity_pool_id = shop.identity_pool.rpartition("/")[2]
    identity = aws_client("cognito-identity", aws.url, REGION)
    identity.set_identity_pool_roles(IdentityPoolId=identity_pool_id, Roles={"authenticated": role})
    result = verify("ROL005", shop.identity_pool)
    assert result.exit_code == 1
    assert "do s3:* on * by all" in flat(result.stdout)


def test_pools_of_the_other_kind_are_not_taken_to_be_none(aws: Account, shop: Shop) -> None:
    iam = aws_client("iam", aws.url, REGION)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Principal": "*"}]}
    role = iam.create_role(RoleName="team", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="team", PolicyName="all", PolicyDocument=json.dumps(rights))
    idp = aws_client("cognito-idp", aws.url, REGION)
    idp.create_group(UserPoolId=shop.pool_id, GroupName="team", RoleArn=role)

    found = document("ROL008", shop.user_pool)["finding"]

    # Where identity pools were read, and none hands the role out, it would be medium.
    assert (found["outcome"], found["severity"]) == ("fail", "high")


def test_a_failure_shows_what_was_read(aws: Account, shop: Shop) -> None:
    result = verify("idp001", shop.identity_pool)
    assert result.exit_code == 1
    text = flat(result.stdout)
    assert f"IDP001 {GUESTS.title}" in text
    assert "uploads eu-west-1" in text
    assert "AllowUnauthenticatedIdentities true" in text
    assert "fails now. The store holds nothing to compare with." in text
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_rule_that_does_not_apply_ends_with_0(aws: Account, shop: Shop, store: Path) -> None:
    aws.collect(store)
    result = verify("APP012", shop.user_pool)
    assert result.exit_code == 0
    assert result.stdout.startswith("N/A      APP012 ")
    assert "Was not applicable on 20" in flat(result.stdout)


def test_a_slug_names_the_rule_too(aws: Account, shop: Shop) -> None:
    assert verify("deletion-protection-is-off", shop.user_pool).exit_code == 1


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_exactly_what_the_rule_reads_of_the_resource_is_called(aws: Account, shop: Shop, rule: Rule) -> None:
    read = document(rule.code, shop.of_type(rule.resource_type))
    assert read["finding"]["outcome"] in {"pass", "fail", "not_applicable"}
    # The user pool has one app client, so each facet takes one call.
    made = aws.controls.calls()["calls"]
    declared = {operation for facet in rule.reads for operation in facet.operations}
    # The plan decides whether some facets can be read at all.
    assert set(made) - {"cognito-idp:DescribeUserPool"} <= {*SIGNED_IN, *declared}
    # What nothing points to here is not asked for.
    wanted = {facet.operation for facet in rule.reads if facet.holder is not Holder.REFERENCE}
    assert wanted - {"cognito-idp:DescribeUserPoolDomain"} <= set(made)


@pytest.mark.parametrize("rule", WIDER, ids=lambda rule: rule.code)
def test_a_rule_that_looks_at_other_pools_too_is_refused_before_any_call(
    aws: Account, shop: Shop, rule: Rule
) -> None:
    result = verify(rule.code, shop.of_type(rule.resource_type))
    assert (result.exit_code, aws.controls.calls()["calls"]) == (2, {})
    assert "by what other pools are, too" in flat(result.stderr)


def test_a_fresh_verdict_is_that_of_a_run(aws: Account, shop: Shop, store: Path) -> None:
    aws.collect(store)
    findings = json.loads(run("scan", "--store", store, "--format", "json").stdout)["findings"]
    by_key = {(each["code"], each["resource_arn"]): each for each in findings}
    for code, arn in (
        ("AUT002", shop.user_pool),
        ("APP010", shop.app_client),
        ("IDP001", shop.identity_pool),
    ):
        finding, kept = document(code, arn)["finding"], by_key[code, arn]
        assert finding.pop("collected_at") > kept.pop("collected_at")
        # How a finding is handled is the store's business and that of the settings.
        for name in ("owner", "due", "ticket", "mute"):
            assert finding.pop(name) is None
            kept.pop(name)
        assert finding == kept


@pytest.mark.parametrize("facet", [FacetName.USER_POOL, FacetName.MFA_CONFIGURATION, FacetName.APP_CLIENTS])
def test_what_is_denied_ends_with_3_and_is_named(
    aws: Account, shop: Shop, store: Path, facet: FacetName
) -> None:
    aws.collect(store)
    # With open sign-up, users have passwords whatever the app clients allow, which then need not be known.
    idp = aws_client("cognito-idp", aws.url, REGION)
    idp.update_user_pool(UserPoolId=shop.pool_id, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    aws.controls.add_fault(operation=facet.operation, kind="denied")
    result = verify("AUT001", shop.user_pool)
    text = flat(result.stdout)
    assert result.exit_code == 3
    assert f"could not be judged: {facet.operation} was not read (denied)" in text
    assert "denied: allow the action to the identity that collects" in text
    assert "cannot be judged now" in text


def test_json_is_a_finding_with_what_was_before_and_the_gaps(aws: Account, shop: Shop, store: Path) -> None:
    aws.collect(store)
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="explicit_deny")
    told = document("AUT001", shop.user_pool)
    assert list(told) == ["schema_version", "generated_at", "finding", "before", "gaps"]
    assert told["schema_version"] == 1
    assert told["finding"]["outcome"] == "unknown"
    assert told["finding"]["opened_at"] is None
    assert list(told["before"]) == ["outcome", "opened_at", "collected_at"]
    assert told["before"]["outcome"] == "fail"
    (gap,) = told["gaps"]
    assert (gap["iam_action"], gap["reason"]) == ("cognito-idp:GetUserPoolMfaConfig", "explicit_deny")


def test_since_when_a_failure_is_open_is_kept(aws: Account, shop: Shop, store: Path) -> None:
    assert document("GOV001", shop.user_pool)["before"] is None
    aws.collect(store)
    told = document("GOV001", shop.user_pool)
    assert told["finding"]["opened_at"] == told["before"]["opened_at"] is not None


def test_a_failure_that_a_gap_hid_meanwhile_is_still_the_one_before(
    aws: Account, shop: Shop, store: Path
) -> None:
    aws.collect(store)
    fault = aws.controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="denied")
    aws.collect(store)
    aws.controls.clear_faults(fault)
    protect(aws, shop.pool_id)
    told = document("GOV001", shop.user_pool)
    assert (told["before"]["outcome"], told["finding"]["outcome"]) == ("fail", "pass")


@pytest.mark.parametrize(
    ("code", "arn"),
    [
        ("GOV001", HERE.user_pool_arn(f"{REGION}_gone")),
        ("APP010", HERE.app_client_arn(f"{REGION}_gone", "abc")),
        ("IDP001", HERE.identity_pool_arn(f"{REGION}:00000000-0000-4000-8000-000000000000")),
    ],
)
def test_what_aws_does_not_have_ends_with_4(aws: Account, shop: Shop, code: str, arn: str) -> None:
    result = verify(code, arn)
    assert result.exit_code == 4
    assert result.stdout == ""
    assert f"error: AWS has no {Resource.of_arn(arn).type.noun} {arn} (cognito-id" in result.stderr


def test_a_deleted_app_client_of_a_living_user_pool_ends_with_4(aws: Account, shop: Shop) -> None:
    result = verify("APP010", HERE.app_client_arn(shop.pool_id, "gone"))
    assert result.exit_code == 4
    assert "error: AWS has no app client" in result.stderr


def test_without_credentials_it_ends_with_4() -> None:
    result = verify("GOV001", SHOP)
    assert result.exit_code == 4
    assert "error: No AWS credentials were found." in result.stderr


@pytest.mark.parametrize("after", [0, 1], ids=["at once", "on the way"])
def test_credentials_that_have_expired_end_with_4(aws: Account, shop: Shop, after: int) -> None:
    aws.controls.add_fault(operation="*", kind="expired", after=after)
    result = verify("AUT001", shop.user_pool)
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "error: The AWS credentials have expired." in result.stderr


@pytest.mark.parametrize(
    ("scope", "signing_in"),
    [(Scope("210987654321", REGION), 1), (Scope(HERE.account_id, "us-gov-west-1", "aws-us-gov"), 2)],
    ids=["account", "partition"],
)
def test_an_arn_of_elsewhere_ends_with_2_and_reads_nothing(
    aws: Account, scope: Scope, signing_in: int
) -> None:
    # As AWS does: a partition knows no credentials of another one.
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="us-gov-west-1")
    aws.controls.reset_calls()
    result = verify("GOV001", scope.user_pool_arn(f"{scope.region}_a"))
    assert result.exit_code == 2
    assert (
        f"error: The ARN is of account {scope.account_id} ({scope.partition}), the credentials are of"
        " 123456789012 (aws).\n"
    ) in result.stderr
    assert aws.controls.calls()["calls"] == {"sts:GetCallerIdentity": signing_in}


def test_a_region_that_is_off_ends_with_4(aws: Account) -> None:
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    result = verify("GOV001", Scope(HERE.account_id, "af-south-1").user_pool_arn("af-south-1_a"))
    assert result.exit_code == 4
    assert "error: The credentials are good, but af-south-1 does not accept them." in result.stderr


@pytest.mark.parametrize(
    ("code", "arn", "message"),
    [
        ("GOV01", SHOP, "Did you mean GOV001?"),
        ("mfa-is-of", SHOP, "Did you mean mfa-is-off?"),
        ("APP004", SHOP, "APP004 looks at app clients, not at user pools."),
        ("GOV001", f"{SHOP}/client/abc", "GOV001 looks at user pools, not at app clients."),
        ("IDP001", SHOP, "IDP001 looks at identity pools, not at user pools."),
        ("GOV001", SHOP.replace(REGION, "eu-wst-1"), "Did you mean eu-west-1?"),
        ("GOV001", SHOP.replace(":aws:", ":aws-us-gov:"), "no region with Cognito in aws-us-gov called"),
        ("GOV001", SHOP.replace(":aws:", ":aws-evil:"), "no user pools in the partition 'aws-evil'"),
        ("GOV001", "", "is no ARN of a user pool"),
        ("GOV001", "shop", "is no ARN of a user pool"),
        ("RTR001", "arn:aws:iam::111122223333:role/app/x", "An IAM role is not read by itself"),
        ("GOV001", HERE.user_pool_arn("*"), "one that ends in /* stands for a whole list"),
        ("GOV001", f"{SHOP}/client/../../x", "is no ARN of a user pool"),
        ("GOV001", f"{SHOP}\nHost: evil", "is no ARN of a user pool"),
        ("GOV001", SHOP.replace("12345", "\uff11\uff12\uff13\uff14\uff15"), "is no ARN of a user pool"),
        ("GOV001", SHOP.replace(REGION, "eu-west-1.evil.example/"), "is no ARN of a user pool"),
        ("GOV001", f"{SHOP}\x1b[2J\u202e", "is no ARN of a user pool"),
        ("GOV001", SHOP + "a" * 100_000, "is no ARN of a user pool"),
        ("GOV001", SHOP.replace("cognito-idp", "s3"), "is no ARN of a user pool"),
    ],
)
def test_wrong_use_ends_with_2_before_any_call(aws: Account, code: str, arn: str, message: str) -> None:
    aws.controls.reset_calls()
    result = verify(code, arn)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.replace("\n", "").isprintable()
    assert "\u202e" not in result.stderr
    assert len(result.stderr) < 3_000
    assert aws.controls.calls()["calls"] == {}


def test_a_store_that_is_not_sound_is_said_and_left(aws: Account, shop: Shop, store: Path) -> None:
    store.mkdir()
    (store / "state.sqlite").write_bytes(b"no database")
    result = verify("GOV001", shop.user_pool, "--quiet")
    assert result.exit_code == 1
    assert result.stderr.startswith("warning: Nothing to compare with: the store in")
    assert (store / "state.sqlite").read_bytes() == b"no database"


def test_no_store_is_made(aws: Account, shop: Shop, store: Path) -> None:
    assert verify("GOV001", shop.user_pool).exit_code == 1
    assert not store.exists()


def test_a_hostile_name_does_no_harm(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    aws.app_client(pool_id, "web")
    idp = aws_client("cognito-idp", aws.url, REGION)
    made = idp.create_user_pool(PoolName="\x1b[2J\u202etxt.exe")["UserPool"]["Id"]
    result = verify("GOV001", HERE.user_pool_arn(made))
    assert result.exit_code == 1
    assert result.stdout.replace("\n", "").isprintable()
