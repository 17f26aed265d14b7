"""What hangs on an app client: its secrets' ids and dates, its session, its own risk configuration."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from collectors.pages import pages
from collectors.user_pools import parse_risk_configuration
from records.user_pool import RiskConfiguration
from records.user_pool_parts import ClientSecret, ClientSession

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

CALLS = frozenset(
    {
        "cognito-idp:ListUserPoolClientSecrets",
        "cognito-idp:GetUserPoolClientSessionConfiguration",
        "cognito-idp:DescribeRiskConfiguration",
    }
)


def collect_client_secrets(
    idp: "CognitoIdentityProviderClient", user_pool_id: str, client_id: str
) -> tuple[ClientSecret, ...]:
    """Return the ids and dates of an app client's secrets, ordered by id."""
    found: dict[str, ClientSecret] = {}
    for page in pages(idp.list_user_pool_client_secrets, UserPoolId=user_pool_id, ClientId=client_id):
        found.update((secret.secret_id, secret) for secret in parse_client_secrets(page))
    return tuple(found[secret_id] for secret_id in sorted(found))


def collect_client_session(
    idp: "CognitoIdentityProviderClient", user_pool_id: str, client_id: str
) -> ClientSession:
    """Return how long an app client reuses a single sign-on session."""
    answer = idp.get_user_pool_client_session_configuration(  # type: ignore[attr-defined]  # newer than the stubs
        UserPoolId=user_pool_id, ClientId=client_id
    )
    return parse_client_session(answer, client_id)


def collect_client_risk(
    idp: "CognitoIdentityProviderClient", user_pool_id: str, client_id: str
) -> RiskConfiguration | None:
    """Return an app client's own risk configuration, None where its user pool's is in force."""
    return parse_client_risk(
        idp.describe_risk_configuration(UserPoolId=user_pool_id, ClientId=client_id), client_id
    )


def parse_client_secrets(raw: Any) -> tuple[ClientSecret, ...]:
    """Translate one page of ListUserPoolClientSecrets, without looking at any secret's value."""
    return tuple(
        ClientSecret(
            secret_id=part.required_text("ClientSecretId"),
            created_at=part.time("ClientSecretCreateDate"),
        )
        for part in Answer(raw, "ListUserPoolClientSecrets").required_parts("ClientSecrets")
    )


def parse_client_session(raw: Any, client_id: str) -> ClientSession:
    """Translate GetUserPoolClientSessionConfiguration's answer about an app client."""
    answer = Answer(raw, "GetUserPoolClientSessionConfiguration")
    # A session may never have been set up; the id alone tells such an answer from a broken one.
    demand_same(answer.required_text("ClientId"), client_id)
    session = answer.part("SSOSession")
    return ClientSession(sso_minutes=session.number("MaxValidityMinutes") if session else None)


def parse_client_risk(raw: Any, client_id: str) -> RiskConfiguration | None:
    """Translate DescribeRiskConfiguration's answer to a request that named an app client."""
    answer = Answer(raw, "DescribeRiskConfiguration").required_part("RiskConfiguration")
    answered = answer.text("ClientId")
    if answered is None:
        # AWS answers with the whole user pool's configuration where the app client has none of its own.
        return None
    demand_same(answered, client_id)
    return parse_risk_configuration(raw)
