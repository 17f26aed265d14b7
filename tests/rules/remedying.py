"""What the remedies change, and the snapshot that the next run would find after it."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from records.app_client import AppClient, RefreshTokenRotation
from records.evaluation import Outcome
from records.facet import Facet, FacetName
from records.identity_pool import UserPoolProvider
from records.snapshot import Snapshot
from records.user_pool import DeviceConfiguration, RiskConfiguration, TakeoverAction, UserPool
from rules.catalogue import catalogue
from rules.engine import Baseline, Context, Rule
from rules.evaluating import evaluate
from rules.remedies import Change, Operation, remedies
from tests.builders import (
    NOW,
    TODAY,
    make_password_policy,
)
from tests.rules.judging import EVERY_RULE


def changes(one: Rule, snapshot: Snapshot, *, baseline: Baseline = EVERY_RULE) -> list[Change]:
    """Return the changes that the remedy of a rule makes to the one resource of its kind.

    None where they depend on what was not read.
    """
    made: list[Change] = []

    def asked(record: Any, ctx: Context) -> Iterator[Any]:
        make = remedies()[one.code].changes
        made.extend(make(record, ctx) if make else ())
        yield from ()

    asking = dataclasses.replace(one, check=asked, applies=None)
    [evaluation] = evaluate(snapshot, [asking], today=TODAY, baseline=baseline)
    assert evaluation.outcome in {Outcome.PASS, Outcome.UNKNOWN}
    return made if evaluation.outcome is Outcome.PASS else []


Setter = Callable[[Any, Any], Any]


def sets(field: str, convert: Callable[[Any], Any] = lambda value: value) -> Setter:
    return lambda record, value: dataclasses.replace(record, **{field: convert(value)})


def sets_policy(field: str) -> Setter:
    def set_policy(pool: UserPool, value: object) -> UserPool:
        # AWS takes what is left out of a policy that is set for no.
        bare = dict.fromkeys([each.name for each in dataclasses.fields(make_password_policy())])
        policy = pool.password_policy or make_password_policy(**bare)
        overrides: Any = {field: value}
        return dataclasses.replace(pool, password_policy=dataclasses.replace(policy, **overrides))

    return set_policy


def sets_device(pool: UserPool, value: bool) -> UserPool:  # noqa: FBT001  (called by the table)
    device = pool.device or DeviceConfiguration(
        challenge_required_on_new_device=None, remembered_on_user_prompt_only=None
    )
    return dataclasses.replace(
        pool, device=dataclasses.replace(device, challenge_required_on_new_device=value)
    )


def sets_registration(field: str, convert: Callable[[Any], Any]) -> Setter:
    def set_registration(pool: UserPool, value: object) -> UserPool:
        registration = pool.dynamic_client_registration
        assert registration
        overrides: Any = {field: convert(value)}
        return dataclasses.replace(
            pool, dynamic_client_registration=dataclasses.replace(registration, **overrides)
        )

    return set_registration


def sets_high_risk(field: str) -> Setter:
    def set_high_risk(risk: RiskConfiguration, value: object) -> RiskConfiguration:
        level = risk.high_risk or TakeoverAction(action="", notifies_user=None)
        overrides: Any = {field: value}
        return dataclasses.replace(risk, high_risk=dataclasses.replace(level, **overrides))

    return set_high_risk


def in_unit(field: str) -> Setter:
    """Give the number that the change before has set its unit."""
    seconds = {"minutes": 60, "days": 86400}

    def set_unit(client: AppClient, value: str) -> AppClient:
        changed: Any = {field: getattr(client, field) * seconds[value]}
        return dataclasses.replace(client, **changed)

    return set_unit


def providers(entries: Sequence[Mapping[str, Any]]) -> tuple[UserPoolProvider, ...]:
    return tuple(
        UserPoolProvider(
            provider_name=entry["ProviderName"],
            client_id=entry["ClientId"],
            has_server_side_token_check=entry["ServerSideTokenCheck"],
        )
        for entry in entries
    )


def by_priority(entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(entry["Name"] for entry in sorted(entries, key=lambda entry: entry["Priority"]))


def rotation(feature: str) -> RefreshTokenRotation:
    return RefreshTokenRotation(is_enabled=feature == "ENABLED", grace_seconds=None)


def sets_grace(client: AppClient, value: int) -> AppClient:
    assert client.refresh_token_rotation
    changed_rotation = dataclasses.replace(client.refresh_token_rotation, grace_seconds=value)
    return dataclasses.replace(client, refresh_token_rotation=changed_rotation)


def is_removed(_risk: RiskConfiguration | None, value: None) -> None:
    assert value is None


SETTERS: Mapping[Operation, Mapping[str, Setter]] = {
    Operation.UPDATE_USER_POOL: {
        "AccountRecoverySetting.RecoveryMechanisms": sets("recovery_mechanisms", by_priority),
        "AdminCreateUserConfig.AllowAdminCreateUserOnly": sets("admin_creates_users_only"),
        "AutoVerifiedAttributes": sets("auto_verified_attributes", frozenset),
        "DcrConfiguration.OpenDcrEnabled": sets_registration("is_open", bool),
        "DcrConfiguration.OpenDcrGrantTypes": sets_registration("open_grant_types", frozenset),
        "DeletionProtection": sets("deletion_protection"),
        "DeviceConfiguration.ChallengeRequiredOnNewDevice": sets_device,
        "IssuerConfiguration.Type": sets("issuer_type"),
        "Policies.PasswordPolicy.MinimumLength": sets_policy("minimum_length"),
        "Policies.PasswordPolicy.RequireLowercase": sets_policy("requires_lowercase"),
        "Policies.PasswordPolicy.RequireNumbers": sets_policy("requires_numbers"),
        "Policies.PasswordPolicy.RequireSymbols": sets_policy("requires_symbols"),
        "Policies.PasswordPolicy.RequireUppercase": sets_policy("requires_uppercase"),
        "Policies.PasswordPolicy.TemporaryPasswordValidityDays": sets_policy("temporary_password_days"),
        "Policies.SignInPolicy.AllowedFirstAuthFactors": sets("first_factors", frozenset),
        "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate": sets(
            "attributes_verified_before_update", frozenset
        ),
        "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode": sets(
            "custom_auth_threat_protection"
        ),
        "UserPoolAddOns.AdvancedSecurityMode": sets("threat_protection"),
    },
    Operation.SET_USER_POOL_MFA: {
        "MfaConfiguration": sets("mode"),
        "SoftwareTokenMfaConfiguration.Enabled": sets("has_totp"),
        "WebAuthnConfiguration.RelyingPartyId": sets("relying_party_id"),
        "WebAuthnConfiguration.UserVerification": sets("passkey_user_verification"),
    },
    Operation.SET_RISK_CONFIGURATION: {
        "AccountTakeoverRiskConfiguration": is_removed,
        "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": sets_high_risk("action"),
        "AccountTakeoverRiskConfiguration.Actions.HighAction.Notify": sets_high_risk("notifies_user"),
        "CompromisedCredentialsRiskConfiguration": is_removed,
        "CompromisedCredentialsRiskConfiguration.Actions.EventAction": sets("compromised_credentials_action"),
        "CompromisedCredentialsRiskConfiguration.EventFilter": sets(
            "compromised_credentials_events", frozenset
        ),
        "RiskExceptionConfiguration": is_removed,
    },
    Operation.UPDATE_USER_POOL_CLIENT: {
        "AccessTokenValidity": sets("access_token_seconds"),
        "AuthSessionValidity": sets("auth_session_minutes"),
        "CallbackURLs": sets("callback_urls", tuple),
        "IdTokenValidity": sets("id_token_seconds"),
        "RefreshTokenRotation.Feature": sets("refresh_token_rotation", rotation),
        "RefreshTokenRotation.RetryGracePeriodSeconds": sets_grace,
        "TokenValidityUnits.IdToken": in_unit("id_token_seconds"),
        "AllowedOAuthFlows": sets("oauth_flows", frozenset),
        "AllowedOAuthScopes": sets("oauth_scopes", frozenset),
        "EnableTokenRevocation": sets("is_token_revocation_enabled"),
        "ExplicitAuthFlows": sets("explicit_auth_flows", frozenset),
        "PreventUserExistenceErrors": sets("prevent_user_existence_errors"),
        "RefreshTokenValidity": sets("refresh_token_seconds"),
        "TokenValidityUnits.AccessToken": in_unit("access_token_seconds"),
        "TokenValidityUnits.RefreshToken": in_unit("refresh_token_seconds"),
    },
    Operation.UPDATE_IDENTITY_POOL: {
        "AllowClassicFlow": sets("allows_classic_flow"),
        "AllowUnauthenticatedIdentities": sets("allows_guest_access"),
        "CognitoIdentityProviders": sets("user_pool_providers", providers),
    },
}
FACETS = {
    Operation.UPDATE_USER_POOL: FacetName.USER_POOL,
    Operation.SET_USER_POOL_MFA: FacetName.MFA_CONFIGURATION,
    Operation.UPDATE_USER_POOL_CLIENT: FacetName.APP_CLIENT,
    Operation.UPDATE_IDENTITY_POOL: FacetName.IDENTITY_POOL,
}


def changed(snapshot: Snapshot, one: Rule, made: Sequence[Change]) -> Snapshot:
    """Return the snapshot as the next run would find it after the changes to the subject of the rule."""

    def after(holding: Any) -> Any:
        facets = dict(holding.facets)
        for change in made:
            name = FACETS.get(change.operation) or (
                FacetName.CLIENT_RISK if one.subject is AppClient else FacetName.RISK_CONFIGURATION
            )
            if name in facets:
                set_value = SETTERS[change.operation][".".join(change.path)]
                facets[name] = Facet.read(set_value(facets[name].value, change.value), NOW)
        parts = {
            name: tuple(map(after, getattr(holding, name))) for name in ("clients",) if hasattr(holding, name)
        }
        return dataclasses.replace(holding, **parts, facets=facets)

    return Snapshot(
        regions=tuple(
            dataclasses.replace(
                region,
                user_pools=tuple(map(after, region.user_pools)),
                identity_pools=tuple(map(after, region.identity_pools)),
            )
            for region in snapshot.regions
        )
    )


def findings(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {
        (each.code, each.resource_arn)
        for each in evaluate(snapshot, catalogue(), today=TODAY, baseline=EVERY_RULE)
        if each.outcome is Outcome.FAIL
    }
