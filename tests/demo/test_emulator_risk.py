from typing import Any

import pytest

from demo.clients import Controls

BLOCK = {
    "CompromisedCredentialsRiskConfiguration": {
        "EventFilter": ["SIGN_IN"],
        "Actions": {"EventAction": "BLOCK"},
    }
}


@pytest.fixture
def protected(idp: Any) -> str:
    add_ons = {"AdvancedSecurityMode": "ENFORCED"}
    made = idp.create_user_pool(PoolName="protected", UserPoolTier="PLUS", UserPoolAddOns=add_ons)
    pool_id: str = made["UserPool"]["Id"]
    return pool_id


def test_never_set_is_an_empty_configuration(idp: Any, protected: str) -> None:
    assert idp.describe_risk_configuration(UserPoolId=protected)["RiskConfiguration"] == {}


def test_a_client_has_a_configuration_of_its_own(idp: Any, protected: str) -> None:
    made = idp.create_user_pool_client(UserPoolId=protected, ClientName="web")["UserPoolClient"]
    ids = {"UserPoolId": protected, "ClientId": made["ClientId"]}
    idp.set_risk_configuration(**ids, **BLOCK)
    found = idp.describe_risk_configuration(**ids)["RiskConfiguration"]
    assert found.pop("LastModifiedDate") is not None
    assert found == {**ids, **BLOCK}
    assert idp.describe_risk_configuration(UserPoolId=protected)["RiskConfiguration"] == {}


def test_setting_replaces_the_whole_configuration(idp: Any, protected: str) -> None:
    idp.set_risk_configuration(UserPoolId=protected, **BLOCK)
    exceptions = {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["203.0.113.0/24"]}}
    idp.set_risk_configuration(UserPoolId=protected, **exceptions)
    found = idp.describe_risk_configuration(UserPoolId=protected)["RiskConfiguration"]
    assert found["RiskExceptionConfiguration"] == exceptions["RiskExceptionConfiguration"]
    assert "CompromisedCredentialsRiskConfiguration" not in found


@pytest.mark.parametrize("mode", [None, "OFF"])
def test_without_threat_protection_both_operations_are_refused(idp: Any, mode: str | None) -> None:
    add_ons = {"UserPoolAddOns": {"AdvancedSecurityMode": mode}} if mode else {}
    pool_id = idp.create_user_pool(PoolName="plain", **add_ons)["UserPool"]["Id"]
    with pytest.raises(idp.exceptions.UserPoolAddOnNotEnabledException):
        idp.describe_risk_configuration(UserPoolId=pool_id)
    with pytest.raises(idp.exceptions.UserPoolAddOnNotEnabledException):
        idp.set_risk_configuration(UserPoolId=pool_id, **BLOCK)


def test_unknown_resources_are_not_found(idp: Any, protected: str) -> None:
    with pytest.raises(idp.exceptions.ResourceNotFoundException):
        idp.describe_risk_configuration(UserPoolId="eu-west-1_nowhere00")
    with pytest.raises(idp.exceptions.ResourceNotFoundException):
        idp.describe_risk_configuration(UserPoolId=protected, ClientId="0" * 26)


def test_a_reset_forgets_it(idp: Any, protected: str, controls: Controls) -> None:
    idp.set_risk_configuration(UserPoolId=protected, **BLOCK)
    controls.reset()
    add_ons = {"AdvancedSecurityMode": "ENFORCED"}
    again = idp.create_user_pool(PoolName="protected", UserPoolAddOns=add_ons)["UserPool"]["Id"]
    assert again == protected
    assert idp.describe_risk_configuration(UserPoolId=again)["RiskConfiguration"] == {}
