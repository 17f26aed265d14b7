"""Machines that talk to machines: no user signs in here, each app client is a service with a secret.

Left to find: one client asks for a token every five minutes, which is paid per token, another keeps
one for a day, the marketplace connector holds every scope that is in use, one scope is left over from a
courier of old, and sellers' applications, which register by themselves, may all read orders.
"""

from demo.company_data.specs import EUROPE, ClientSpec, Parameters, PoolSpec, password_policy, recovery, tags

NAME = "tarnfell-services"
API = "https://api.tarnfell.example"
SCOPES = {
    "orders.read": "Read orders",
    "orders.write": "Place and change orders",
    "stock.read": "Read stock levels",
    "stock.write": "Book stock in and out",
    "prices.read": "Read price lists",
}
RETIRED = {"parcels.read": "Track parcels"}


def _service(name: str, day: str, scopes: list[str], *, access_minutes: int = 60) -> ClientSpec:
    settings: Parameters = {
        "GenerateSecret": True,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": [f"{API}/{scope}" for scope in scopes],
        "AccessTokenValidity": access_minutes,
        "RefreshTokenValidity": 1,
        "TokenValidityUnits": {"AccessToken": "minutes", "RefreshToken": "days"},
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": True,
    }
    stamp = f"{day}T09:30:00+00:00"
    return ClientSpec(name=name, created=stamp, modified=stamp, settings=settings)


SERVICES = PoolSpec(
    region=EUROPE,
    name=NAME,
    created="2022-10-11T09:24:47+00:00",
    modified="2025-11-18T13:37:12+00:00",
    users=0,
    clients=(
        _service("warehouse-sync", "2022-10-11", ["stock.read", "stock.write"]),
        _service("erp-bridge", "2022-10-11", ["orders.read", "stock.read", "prices.read"]),
        _service("price-feed", "2023-03-27", ["prices.read"], access_minutes=1440),
        _service("returns-processor", "2023-11-06", ["orders.read", "orders.write", "stock.write"]),
        _service("store-kiosks", "2025-04-02", ["orders.read", "stock.read"], access_minutes=5),
        _service("marketplace-connector", "2024-06-19", list(SCOPES)),
    ),
    settings={
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "ACTIVE",
        "Policies": {
            "PasswordPolicy": password_policy(14, temporary_days=1),
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "UsernameConfiguration": {"CaseSensitive": False},
        "AccountRecoverySetting": recovery("admin_only"),
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 1},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "DcrConfiguration": {
            "EnableStatus": "Enabled",
            "OpenDcrEnabled": False,
            "AuthenticatedGrantTypes": ["client_credentials"],
            "AllowedScopes": [f"{API}/orders.read"],
        },
        "UserPoolTags": tags("platform", "production", "CC-3300"),
    },
    domains=({"Domain": "tarnfell-services", "ManagedLoginVersion": 1},),
    resource_servers=(
        {
            "Identifier": API,
            "Name": "Tarnfell API",
            "Scopes": [
                {"ScopeName": name, "ScopeDescription": text} for name, text in (SCOPES | RETIRED).items()
            ],
        },
    ),
)
