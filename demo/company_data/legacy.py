"""A user pool of 2018 that nobody owns any more, with nearly everything wrong.

MFA off, six characters of any kind as a password, temporary passwords for 90 days, no deletion
protection, Cognito's own mail sender, and app clients of the time: a phone app that carries a
secret, the implicit grant, plain passwords, errors that reveal who has an account. A job that should
have imported the outlet's customers still waits for its file. The outlet's identity pool mixes its users
with those for whom the outlet's own server vouches, still trusts Twitter, and its role does not ask whether
anybody signed in.
"""

from demo.company_data.specs import (
    AMERICA,
    ClientSpec,
    IdentityPoolSpec,
    PoolSpec,
    ProviderSpec,
    password_policy,
    role,
)

NAME = "customer-accounts"
IMPORT_ROLE = "Cognito-UserImport-Role"

CLIENTS = (
    ClientSpec(
        name="ios-app-v1",
        created="2018-05-14T19:22:10+00:00",
        modified="2019-02-07T20:41:55+00:00",
        settings={
            "GenerateSecret": True,
            "RefreshTokenValidity": 3650,
            "ExplicitAuthFlows": ["USER_PASSWORD_AUTH"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code", "implicit"],
            "AllowedOAuthScopes": [
                "phone",
                "email",
                "openid",
                "profile",
                "aws.cognito.signin.user.admin",
            ],
            "CallbackURLs": ["tarnfellapp://signin"],
            "LogoutURLs": ["tarnfellapp://signout"],
            "SupportedIdentityProviders": ["COGNITO"],
            "PreventUserExistenceErrors": "LEGACY",
            "EnableTokenRevocation": False,
        },
    ),
    ClientSpec(
        name="android-app-v1",
        created="2018-06-20T18:03:37+00:00",
        modified="2019-02-07T20:43:18+00:00",
        settings={
            "RefreshTokenValidity": 3650,
            "ExplicitAuthFlows": ["USER_PASSWORD_AUTH"],
            "PreventUserExistenceErrors": "LEGACY",
            "EnableTokenRevocation": False,
        },
    ),
    ClientSpec(
        name="outlet-site",
        created="2018-09-03T15:50:29+00:00",
        modified="2020-11-25T16:12:04+00:00",
        settings={
            "RefreshTokenValidity": 365,
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["implicit"],
            "AllowedOAuthScopes": ["email", "openid"],
            "CallbackURLs": ["https://outlet.tarnfell.example/login", "http://localhost:8080/login"],
            "LogoutURLs": ["https://outlet.tarnfell.example/"],
            "SupportedIdentityProviders": ["COGNITO"],
            "PreventUserExistenceErrors": "LEGACY",
            "EnableTokenRevocation": False,
        },
    ),
    ClientSpec(
        name="back-office",
        created="2018-05-14T19:25:41+00:00",
        modified="2018-05-14T19:25:41+00:00",
        settings={
            "RefreshTokenValidity": 365,
            "ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"],
            "PreventUserExistenceErrors": "LEGACY",
            "EnableTokenRevocation": False,
        },
    ),
)

LEGACY = PoolSpec(
    region=AMERICA,
    name=NAME,
    created="2018-05-14T19:20:02+00:00",
    modified="2020-11-25T16:10:31+00:00",
    users=6_287,
    clients=CLIENTS,
    is_old_shape=True,
    settings={
        "UserPoolTier": "LITE",
        "Policies": {"PasswordPolicy": password_policy(6, temporary_days=90, classes=False)},
        "AliasAttributes": ["email", "phone_number"],
        "AutoVerifiedAttributes": ["email"],
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 90},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {},
        "Schema": [
            {
                "Name": "role",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "256"},
            }
        ],
    },
    mfa={"MfaConfiguration": "OFF"},
    domains=({"Domain": "tarnfell-accounts", "ManagedLoginVersion": 1},),
    import_jobs=(("outlet-customers", IMPORT_ROLE, "2018-09-01T09:12:44+00:00"),),
)

OUTLET = IdentityPoolSpec(
    region=AMERICA,
    settings={
        "IdentityPoolName": "outlet",
        "AllowUnauthenticatedIdentities": False,
        "AllowClassicFlow": False,
        "DeveloperProviderName": "login.outlet.tarnfell",
        # Twitter's entry holds the app's key and its secret.
        "SupportedLoginProviders": {"api.twitter.com": "demo-outlet-key;demo-outlet-secret"},
        "IdentityPoolTags": {},
    },
    providers=(ProviderSpec(user_pool=NAME, client="outlet-site", checks_token=False),),
    roles={"authenticated": role("outlet-signed-in")},
)
