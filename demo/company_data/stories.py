"""Trail Stories, a hack-day project of the marketing team that went on the internet and stayed there.

Anybody signs up, with a phone number that nobody verified first; whoever has signed in gets a role that
may pass on any other role and write functions. Codes go out by SMS from an account that is still in the
sandbox, through a role that trusts every user pool, and mail from an address that nobody confirmed.
The user's own `custom:team`, which the app client may write, becomes the tag of the AWS session by which
the role says where photos go, and whoever has "editor" in it gets the editors' role. The builds that put
the site online come in by tokens of GitHub Actions, of which everybody gets some.
"""

from demo.company_data.specs import (
    EUROPE,
    TRIALS,
    ClientSpec,
    IdentityPoolSpec,
    PoolSpec,
    ProviderSpec,
    code_grant,
    password_policy,
    role,
    ses,
    sms,
    validity,
)

NAME = "trail-stories"
SITE = "https://stories.tarnfell.example"

STORIES = PoolSpec(
    account=TRIALS,
    region=EUROPE,
    name=NAME,
    created="2025-06-13T16:41:20+00:00",
    modified="2025-06-14T02:07:52+00:00",
    users=417,
    clients=(
        ClientSpec(
            name="stories-web",
            created="2025-06-13T16:48:03+00:00",
            modified="2025-06-14T01:55:09+00:00",
            settings={
                **validity(access_minutes=60, id_minutes=60, refresh_days=30),
                **code_grant(
                    [f"{SITE}/callback", "http://localhost:3000/callback"],
                    logout=[f"{SITE}/"],
                    providers=["COGNITO"],
                    scopes=["openid", "email", "aws.cognito.signin.user.admin"],
                ),
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "WriteAttributes": ["email", "name", "phone_number", "custom:team"],
            },
        ),
    ),
    settings={
        "UserPoolTier": "ESSENTIALS",
        "Policies": {"PasswordPolicy": password_policy(8, temporary_days=7)},
        "UsernameAttributes": ["email", "phone_number"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["phone_number"],
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
        "EmailConfiguration": ses(
            EUROPE,
            "Trail Stories <stories@tarnfell.example>",
            identity="stories@tarnfell.example",
            account=TRIALS,
        ),
        "SmsConfiguration": sms(EUROPE, "trail-stories-sms", "trail-stories", TRIALS),
        "Schema": [
            {
                "Name": "team",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "32"},
            }
        ],
        "UserPoolTags": {},
    },
    domains=({"Domain": "tarnfell-trail-stories", "ManagedLoginVersion": 1},),
)

STORIES_IDENTITY = IdentityPoolSpec(
    account=TRIALS,
    region=EUROPE,
    settings={
        "IdentityPoolName": "trail_stories",
        "AllowUnauthenticatedIdentities": False,
        "AllowClassicFlow": False,
        "OpenIdConnectProviderARNs": [
            f"arn:aws:iam::{TRIALS}:oidc-provider/token.actions.githubusercontent.com"
        ],
        "IdentityPoolTags": {},
    },
    providers=(
        ProviderSpec(
            user_pool=NAME,
            client="stories-web",
            checks_token=False,
            principal_tags={"team": "custom:team"},
            mapping={
                "Type": "Rules",
                "AmbiguousRoleResolution": "AuthenticatedRole",
                "RulesConfiguration": {
                    "Rules": [
                        {
                            "Claim": "custom:team",
                            "MatchType": "Contains",
                            "Value": "editor",
                            "RoleARN": role("trail-stories-editor", TRIALS),
                        }
                    ]
                },
            },
        ),
    ),
    roles={"authenticated": role("trail-stories-signed-in", TRIALS)},
)
