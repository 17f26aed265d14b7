"""The identity pools of production and the IAM roles that they hand out.

`tarnfell_shop_browse` lets guests in, keeps the classic flow on and does not check whether a token was
revoked; its guests may read every customer's wish list and write to it, and take on the role of signed-in
customers, which does not ask how its holder signed in. `tarnfell_partner_uploads` is sound: signed-in
partners alone, and who matches no rule is denied.
"""

from demo.company_data import partners, shop
from demo.company_data.club import CLUB_FILES
from demo.company_data.legacy import OUTLET
from demo.company_data.specs import ACCOUNT, EUROPE, IdentityPoolSpec, ProviderSpec, Rights, role, tags
from demo.company_data.stories import STORIES_IDENTITY

BROWSE = IdentityPoolSpec(
    region=EUROPE,
    settings={
        "IdentityPoolName": "tarnfell_shop_browse",
        "AllowUnauthenticatedIdentities": True,
        "AllowClassicFlow": True,
        "IdentityPoolTags": tags("storefront", "production", "CC-4120"),
    },
    providers=(ProviderSpec(user_pool=shop.NAME, client="shop-web", checks_token=False),),
    roles={"authenticated": role("shop-browse-signed-in"), "unauthenticated": role("shop-browse-guest")},
)

UPLOADS = IdentityPoolSpec(
    region=EUROPE,
    settings={
        "IdentityPoolName": "tarnfell_partner_uploads",
        "AllowUnauthenticatedIdentities": False,
        "AllowClassicFlow": False,
        "IdentityPoolTags": tags("wholesale", "production", "CC-5210"),
    },
    providers=(
        ProviderSpec(
            user_pool=partners.NAME,
            client="partner-portal-web",
            checks_token=True,
            principal_tags={"partnerTier": "custom:partner_tier"},
            mapping={
                "Type": "Rules",
                "AmbiguousRoleResolution": "Deny",
                "RulesConfiguration": {
                    "Rules": [
                        {
                            "Claim": "custom:partner_tier",
                            "MatchType": "Equals",
                            "Value": "buyer",
                            "RoleARN": role("partner-uploads-buyer"),
                        },
                        {
                            "Claim": "custom:partner_tier",
                            "MatchType": "Equals",
                            "Value": "reader",
                            "RoleARN": role("partner-uploads-reader"),
                        },
                    ]
                },
            },
        ),
        ProviderSpec(
            user_pool=partners.NAME,
            client="partner-portal-server",
            checks_token=True,
            mapping={"Type": "Token", "AmbiguousRoleResolution": "Deny"},
        ),
    ),
    roles={"authenticated": role("partner-uploads-reader")},
)

SIGNED_IN, GUEST = "authenticated", "unauthenticated"
# The roles that an identity pool hands out, each with the identity pool, how its trust policy asks users to
# have signed in (None where it does not ask), and the actions of its one inline policy by resource.
ROLES: tuple[tuple[str, IdentityPoolSpec, str | None, Rights], ...] = (
    (
        "shop-browse-guest",
        BROWSE,
        GUEST,
        {
            "arn:aws:s3:::tarnfell-shop-media/*": ["s3:GetObject"],
            f"arn:aws:dynamodb:{EUROPE}:{ACCOUNT}:table/tarnfell-wishlists": [
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:Scan",
            ],
            "*": ["mobiletargeting:PutEvents", "lambda:InvokeFunction"],
        },
    ),
    (
        "shop-browse-signed-in",
        BROWSE,
        None,
        {"arn:aws:s3:::tarnfell-shop-media/*": ["s3:GetObject"]},
    ),
    (
        "partner-uploads-reader",
        UPLOADS,
        SIGNED_IN,
        {"arn:aws:s3:::tarnfell-partner-files/price-lists/*": ["s3:GetObject"]},
    ),
    (
        "partner-uploads-buyer",
        UPLOADS,
        SIGNED_IN,
        {
            "arn:aws:s3:::tarnfell-partner-files/price-lists/*": ["s3:GetObject"],
            "arn:aws:s3:::tarnfell-partner-files/orders/${cognito-identity.amazonaws.com:sub}/*": [
                "s3:PutObject"
            ],
        },
    ),
    (
        "club-files-member",
        CLUB_FILES,
        SIGNED_IN,
        {
            "arn:aws:s3:::tarnfell-club-files/members/${cognito-identity.amazonaws.com:sub}/*": [
                "s3:GetObject",
                "s3:PutObject",
            ]
        },
    ),
    (
        "trail-stories-signed-in",
        STORIES_IDENTITY,
        SIGNED_IN,
        {
            "arn:aws:s3:::trail-stories-photos/*": ["s3:GetObject"],
            "arn:aws:s3:::trail-stories-photos/${aws:PrincipalTag/team}/*": ["s3:PutObject"],
            "*": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction", "dynamodb:*"],
        },
    ),
    (
        "trail-stories-editor",
        STORIES_IDENTITY,
        SIGNED_IN,
        {"arn:aws:s3:::trail-stories-photos/*": ["s3:GetObject", "s3:DeleteObject"]},
    ),
    (
        "outlet-signed-in",
        OUTLET,
        None,
        {"arn:aws:s3:::tarnfell-outlet-receipts/${cognito-identity.amazonaws.com:sub}/*": ["s3:GetObject"]},
    ),
)
