import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.clients import Controls
from demo.emulator.patching import add_operation

SMS = {
    "SnsCallerArn": "arn:aws:iam::123456789012:role/sms",
    "ExternalId": "external",
    "SnsRegion": "eu-west-1",
}


SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/shop.example",
}


def describe(idp: Any, pool_id: str) -> dict[str, Any]:
    pool: dict[str, Any] = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    return pool


def test_a_bare_user_pool_answers_with_the_defaults_of_aws(idp: Any, user_pool_id: str) -> None:
    pool = describe(idp, user_pool_id)
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert pool["DeletionProtection"] == "INACTIVE"
    assert pool["MfaConfiguration"] == "OFF"
    assert pool["LambdaConfig"] == {}
    assert pool["UserPoolTags"] == {}
    assert pool["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
    assert pool["Policies"]["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD"]}
    assert [m["Name"] for m in pool["AccountRecoverySetting"]["RecoveryMechanisms"]] == [
        "verified_email",
        "verified_phone_number",
    ]
    assert "UserPoolAddOns" not in pool


def test_settings_that_were_sent_win_over_the_defaults(idp: Any) -> None:
    made = idp.create_user_pool(
        PoolName="x",
        UserPoolTier="PLUS",
        DeletionProtection="ACTIVE",
        Policies={
            "PasswordPolicy": {"MinimumLength": 20},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]},
        },
    )["UserPool"]
    pool = describe(idp, made["Id"])
    assert (pool["UserPoolTier"], pool["DeletionProtection"]) == ("PLUS", "ACTIVE")
    assert pool["Policies"]["SignInPolicy"] == {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}
    # The next bare user pool does not inherit them.
    bare = idp.create_user_pool(PoolName="bare")["UserPool"]
    assert describe(idp, bare["Id"])["Policies"]["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD"]}


def test_ids_look_like_those_of_aws(idp: Any, user_pool_id: str) -> None:
    assert re.fullmatch(r"eu-west-1_[0-9A-Za-z]{9}", user_pool_id)
    arn = describe(idp, user_pool_id)["Arn"]
    assert arn == f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{user_pool_id}"


def test_ids_are_the_same_after_a_reset_and_differ_between_user_pools_of_one_name(
    idp: Any, controls: Controls
) -> None:
    def make() -> list[str]:
        return [idp.create_user_pool(PoolName=name)["UserPool"]["Id"] for name in ("a", "a", "b")]

    first = make()
    assert len(set(first)) == 3
    controls.reset()
    assert make() == first


def test_an_old_user_pool_answers_without_the_younger_members(
    idp: Any, user_pool_id: str, controls: Controls
) -> None:
    controls.set_facts(user_pool=user_pool_id, old_shape=True)
    pool = describe(idp, user_pool_id)
    assert not {"UserPoolTier", "DeletionProtection", "AccountRecoverySetting", "UserPoolAddOns"} & set(pool)
    assert pool["MfaConfiguration"] == "OFF"


def test_facts_that_no_api_sets(idp: Any, user_pool_id: str, controls: Controls) -> None:
    created, modified = "2018-05-14T19:20:02+00:00", "2020-11-25T16:10:31+00:00"
    controls.set_facts(user_pool=user_pool_id, estimated_users=48_213, created=created, modified=modified)
    pool = describe(idp, user_pool_id)
    assert pool["EstimatedNumberOfUsers"] == 48_213
    assert pool["CreationDate"].timestamp() == 1526325602
    assert pool["LastModifiedDate"].timestamp() == 1606320631
    listed = idp.list_user_pools(MaxResults=1)["UserPools"][0]
    assert listed["CreationDate"] == pool["CreationDate"]


@pytest.mark.parametrize(
    "facts",
    [{"estimated_userz": 1}, {"clients": {"no-such-client": {}}}, {"created": "yesterday"}],
    ids=["unknown fact", "unknown app client", "not a date"],
)
def test_wrong_facts_are_refused(user_pool_id: str, controls: Controls, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Error"):
        controls.set_facts(user_pool=user_pool_id, **facts)


def test_an_update_resets_what_is_left_out_but_not_what_was_fixed_at_creation(idp: Any) -> None:
    pool_id = idp.create_user_pool(
        PoolName="x",
        DeletionProtection="ACTIVE",
        UsernameAttributes=["email"],
        LambdaConfig={"PreSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:gate"},
    )["UserPool"]["Id"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    before = describe(idp, pool_id)
    idp.update_user_pool(UserPoolId=pool_id, UserPoolTags={"owner": "me"})
    after = describe(idp, pool_id)
    assert after["UserPoolTags"] == {"owner": "me"}
    assert after["LambdaConfig"] == {}
    assert after["DeletionProtection"] == "INACTIVE"
    assert after["UsernameAttributes"] == ["email"]
    assert (before["MfaConfiguration"], after["MfaConfiguration"]) == ("ON", "OFF")
    assert after["LastModifiedDate"] > before["LastModifiedDate"]


def test_deletion_protection_protects(idp: Any) -> None:
    pool_id = idp.create_user_pool(PoolName="x", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    with pytest.raises(idp.exceptions.InvalidParameterException, match="deletion protection"):
        idp.delete_user_pool(UserPoolId=pool_id)
    idp.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    idp.delete_user_pool(UserPoolId=pool_id)
    with pytest.raises(idp.exceptions.ResourceNotFoundException):
        describe(idp, pool_id)


def test_custom_attributes_stand_beside_the_standard_ones(idp: Any) -> None:
    schema = [
        {"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True},
        {"Name": "tier", "AttributeDataType": "String", "Mutable": True},
    ]
    pool_id = idp.create_user_pool(PoolName="x", Schema=schema)["UserPool"]["Id"]
    attributes = {a["Name"]: a for a in describe(idp, pool_id)["SchemaAttributes"]}
    assert attributes["email"]["Required"] is True
    assert attributes["custom:tier"]["Mutable"] is True
    assert attributes["sub"]["Mutable"] is False


def test_listing_pages_and_shows_no_more_than_aws(idp: Any) -> None:
    made = {idp.create_user_pool(PoolName=f"pool-{n}")["UserPool"]["Id"] for n in range(61)}
    pages = list(idp.get_paginator("list_user_pools").paginate(MaxResults=60))
    assert [len(page["UserPools"]) for page in pages] == [60, 1]
    listed = [pool for page in pages for pool in page["UserPools"]]
    assert {pool["Id"] for pool in listed} == made
    assert set(listed[0]) == {"Id", "Name", "LambdaConfig", "CreationDate", "LastModifiedDate"}


def test_a_token_that_was_never_given_out_is_refused(idp: Any, user_pool_id: str) -> None:
    with pytest.raises(idp.exceptions.InvalidParameterException):
        idp.list_user_pools(MaxResults=1, NextToken="nonsense")


def test_every_factor_is_kept_and_both_answers_agree(idp: Any, user_pool_id: str) -> None:
    idp.update_user_pool(UserPoolId=user_pool_id, EmailConfiguration=SES)
    factors = {
        "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}", "SmsConfiguration": SMS},
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "EmailMfaConfiguration": {"Subject": "Code", "Message": "{####}"},
        "WebAuthnConfiguration": {"RelyingPartyId": "auth.example.org", "UserVerification": "required"},
        "MfaConfiguration": "OPTIONAL",
    }
    set_answer = idp.set_user_pool_mfa_config(UserPoolId=user_pool_id, **factors)
    got = idp.get_user_pool_mfa_config(UserPoolId=user_pool_id)
    for answer in (set_answer, got):
        del answer["ResponseMetadata"]
        assert answer == factors
    pool = describe(idp, user_pool_id)
    assert (pool["MfaConfiguration"], pool["SmsConfiguration"]) == ("OPTIONAL", SMS)


def test_factors_left_out_are_switched_off(idp: Any, user_pool_id: str) -> None:
    idp.update_user_pool(UserPoolId=user_pool_id, EmailConfiguration=SES)
    idp.set_user_pool_mfa_config(
        UserPoolId=user_pool_id,
        MfaConfiguration="ON",
        EmailMfaConfiguration={"Subject": "Code", "Message": "{####}"},
    )
    idp.set_user_pool_mfa_config(UserPoolId=user_pool_id, MfaConfiguration="OFF")
    answer = idp.get_user_pool_mfa_config(UserPoolId=user_pool_id)
    del answer["ResponseMetadata"]
    assert answer == {"MfaConfiguration": "OFF"}


def test_mfa_without_any_factor_is_refused(idp: Any, user_pool_id: str) -> None:
    with pytest.raises(idp.exceptions.InvalidParameterException):
        idp.set_user_pool_mfa_config(UserPoolId=user_pool_id, MfaConfiguration="ON")


def test_mfa_set_at_creation_agrees_too(idp: Any) -> None:
    made = idp.create_user_pool(PoolName="x", MfaConfiguration="OPTIONAL", SmsConfiguration=SMS)["UserPool"]
    assert describe(idp, made["Id"])["MfaConfiguration"] == "OPTIONAL"
    mfa = idp.get_user_pool_mfa_config(UserPoolId=made["Id"])
    assert mfa["MfaConfiguration"] == "OPTIONAL"
    assert mfa["SmsMfaConfiguration"] == {"SmsConfiguration": SMS}
    idp.set_user_pool_mfa_config(UserPoolId=made["Id"], MfaConfiguration="OFF")
    assert describe(idp, made["Id"])["MfaConfiguration"] == "OFF"


def test_a_custom_domain_is_told_from_a_prefix(idp: Any, user_pool_id: str) -> None:
    certificate = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
    idp.create_user_pool_domain(UserPoolId=user_pool_id, Domain="prefix")
    idp.create_user_pool_domain(
        UserPoolId=user_pool_id,
        Domain="auth.example.org",
        ManagedLoginVersion=2,
        CustomDomainConfig=certificate,
    )
    pool = describe(idp, user_pool_id)
    assert (pool["Domain"], pool["CustomDomain"]) == ("prefix", "auth.example.org")
    domain = idp.describe_user_pool_domain(Domain="auth.example.org")["DomainDescription"]
    assert domain["CustomDomainConfig"] == certificate
    assert domain["ManagedLoginVersion"] == 2
    assert domain["AWSAccountId"] == "123456789012"


def test_an_operation_that_moto_lacks_answers_as_unknown(idp: Any, user_pool_id: str) -> None:
    with pytest.raises(ClientError) as raised:
        idp.list_terms(UserPoolId=user_pool_id)
    assert raised.value.response["Error"]["Code"] == "UnknownOperationException"


def test_an_operation_that_a_newer_moto_has_wins() -> None:
    class Responses:
        def describe_risk_configuration(self) -> str:
            return "moto's"

    def describe_risk_configuration(_self: Any) -> str:
        return "ours"

    def set_risk_configuration(_self: Any) -> str:
        return "ours"

    add_operation(Responses, describe_risk_configuration)
    add_operation(Responses, set_risk_configuration)
    assert Responses().describe_risk_configuration() == "moto's"
    assert vars(Responses)["set_risk_configuration"] is set_risk_configuration
