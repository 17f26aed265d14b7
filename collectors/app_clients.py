"""The app clients of a user pool. Their secrets stop here: only "has one" goes on."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError, demand_same
from records.app_client import AnalyticsConfiguration, AppClient, RefreshTokenRotation
from records.resource import Member

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

CALLS = frozenset(
    {
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:DescribeUserPoolClient",
    }
)

_PAGE_SIZE = 60
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def collect_app_client_list(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> tuple[Member, ...]:
    """Return all app clients of a user pool, ordered by id."""
    members: dict[str, Member] = {}
    pages = idp.get_paginator("list_user_pool_clients").paginate(
        UserPoolId=user_pool_id, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    for page in pages:
        for item in Answer(page, "ListUserPoolClients").required_parts("UserPoolClients"):
            member = Member(item.required_text("ClientId"), item.text("ClientName") or "")
            members[member.id] = member
    return tuple(sorted(members.values()))


def collect_app_client(idp: "CognitoIdentityProviderClient", user_pool_id: str, client_id: str) -> AppClient:
    """Return an app client's settings."""
    client = parse_app_client(idp.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id))
    demand_same(f"{client.user_pool_id}/{client.client_id}", f"{user_pool_id}/{client_id}")
    return client


def parse_app_client(raw: Any) -> AppClient:
    """Translate DescribeUserPoolClient's answer."""
    answer = Answer(raw, "DescribeUserPoolClient").required_part("UserPoolClient")
    return AppClient(
        client_id=answer.required_text("ClientId"),
        user_pool_id=answer.required_text("UserPoolId"),
        name=answer.text("ClientName") or "",
        client_type=answer.text("ClientType"),
        has_secret=answer.has("ClientSecret"),
        created_at=answer.time("CreationDate"),
        modified_at=answer.time("LastModifiedDate"),
        access_token_seconds=_validity(answer, "AccessToken", "hours"),
        id_token_seconds=_validity(answer, "IdToken", "hours"),
        refresh_token_seconds=_validity(answer, "RefreshToken", "days"),
        explicit_auth_flows=answer.text_set("ExplicitAuthFlows"),
        is_oauth_enabled=answer.flag("AllowedOAuthFlowsUserPoolClient"),
        oauth_flows=answer.text_set("AllowedOAuthFlows"),
        oauth_scopes=answer.text_set("AllowedOAuthScopes"),
        callback_urls=tuple(sorted(answer.texts("CallbackURLs"))),
        logout_urls=tuple(sorted(answer.texts("LogoutURLs"))),
        default_redirect_uri=answer.text("DefaultRedirectURI"),
        identity_providers=answer.text_set("SupportedIdentityProviders"),
        read_attributes=answer.optional_text_set("ReadAttributes"),
        write_attributes=answer.optional_text_set("WriteAttributes"),
        prevent_user_existence_errors=answer.text("PreventUserExistenceErrors"),
        is_token_revocation_enabled=answer.flag("EnableTokenRevocation"),
        propagates_user_context=answer.flag("EnablePropagateAdditionalUserContextData"),
        auth_session_minutes=answer.number("AuthSessionValidity"),
        refresh_token_rotation=_rotation(answer.part("RefreshTokenRotation")),
        analytics=_analytics(answer.part("AnalyticsConfiguration")),
    )


def _validity(answer: Answer, token: str, default_unit: str) -> int | None:
    """Return a token's lifetime in seconds; 0 means, like absent, that AWS's default is in force."""
    amount = answer.number(f"{token}Validity")
    if not amount:
        return None
    units = answer.part("TokenValidityUnits")
    unit = (units.text(token) if units else None) or default_unit
    if unit not in _SECONDS:
        raise MalformedAnswerError(
            f"DescribeUserPoolClient.UserPoolClient.TokenValidityUnits.{token} is {unit!r}"
        )
    return amount * _SECONDS[unit]


def _rotation(part: Answer | None) -> RefreshTokenRotation | None:
    if part is None:
        return None
    return RefreshTokenRotation(
        is_enabled=part.text("Feature") == "ENABLED",
        grace_seconds=part.number("RetryGracePeriodSeconds"),
    )


def _analytics(part: Answer | None) -> AnalyticsConfiguration | None:
    if part is None:
        return None
    return AnalyticsConfiguration(
        application_id=part.text("ApplicationId") or part.text("ApplicationArn"),
        role_arn=part.text("RoleArn"),
        shares_user_data=part.flag("UserDataShared"),
    )
