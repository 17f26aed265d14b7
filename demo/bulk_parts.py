"""What hangs on some of the bulk's pools: roles, triggers, domains, identity providers, groups, web ACLs.

As in a real account most pools have little of it: each thing stands on every tenth user pool, a domain on
every fifth. Resources are shared as a company shares them, ten user pools a function and a web ACL.
"""

import json
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.iam.models import iam_backends
from moto.wafv2.models import wafv2_backends

from demo.emulator.services import responses_of

EVERY = 10
DOMAIN_EVERY = 5
SHARED_BY = 10 * EVERY
PARTITION = "aws"
RIGHTS = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::bulk-media/*",
}


class Parts:
    """Makes the parts in one account and region; what several pools share is made once for each name."""

    def __init__(self, account: str, region: str) -> None:
        for service in ("iam", "lambda", "wafv2"):
            responses_of(service)
        self._account = account
        self._iam = iam_backends[account][PARTITION]
        self._functions = lambda_backends[account][region]
        self._waf = wafv2_backends[account][region]
        self._roles: set[str] = set()
        self._web_acls: dict[str, str] = {}

    def role(self, name: str, trust: dict[str, Any], *, is_broad: bool = False) -> str:
        """Make a role with one inline policy; return its ARN."""
        arn = f"arn:{PARTITION}:iam::{self._account}:role/{name}"
        if name not in self._roles:
            self._roles.add(name)
            self._iam.create_role(name, _policy({"Effect": "Allow", **trust}), "/", None, "", [], None)
            rights = {**RIGHTS, "Action": "s3:*", "Resource": "*"} if is_broad else RIGHTS
            self._iam.put_role_policy(name, name, _policy(rights))
        return arn

    def triggers(self, index: int) -> dict[str, Any]:
        """Return the triggers of a user pool; its function is made with the first that has it."""
        if index % EVERY:
            return {}
        name = f"bulk-sign-up-{index // SHARED_BY}"
        service = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        spec = {
            "FunctionName": name,
            "Runtime": "python3.13",
            "Role": self.role("bulk-functions", service),
            "Handler": "index.handler",
            "Code": {"ZipFile": "UEs="},
        }
        made = index % SHARED_BY == 0
        function = self._functions.create_function(spec) if made else self._functions.get_function(name)
        if made:
            permission = {
                "StatementId": "cognito",
                "Action": "lambda:InvokeFunction",
                "Principal": "cognito-idp.amazonaws.com",
                "SourceAccount": self._account,
            }
            function.policy.add_statement(json.dumps(permission))
        return {"PreSignUp": function.function_arn}

    def of_user_pool(self, idp: Any, pool: Any, index: int) -> None:
        """Make what hangs on one user pool beside its app clients."""
        if index % DOMAIN_EVERY == 0:
            idp.create_user_pool_domain(pool.id, f"bulk-{index:05}", None)
        if index % EVERY == 1:
            idp.create_identity_provider(pool.id, "Google", _google())
        if index % EVERY == 2:  # noqa: PLR2004 - another tenth of the user pools
            web = {
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
            idp.create_group(pool.id, "editors", "", self.role(f"bulk-editors-{index % 7}", web), 1)
        if index % EVERY == 3:  # noqa: PLR2004 - and another
            self._waf.associate_web_acl(self._web_acl(f"bulk-edge-{index // SHARED_BY}"), pool.arn)

    def _web_acl(self, name: str) -> str:
        if name not in self._web_acls:
            visibility = {
                "SampledRequestsEnabled": True,
                "CloudWatchMetricsEnabled": True,
                "MetricName": name,
            }
            rate = {"RateBasedStatement": {"Limit": 500, "AggregateKeyType": "IP"}}
            rule = {
                "Name": "rate",
                "Priority": 0,
                "Statement": rate,
                "Action": {"Block": {}},
                "VisibilityConfig": visibility,
            }
            settings = dict.fromkeys(
                (
                    "association_config",
                    "captcha_config",
                    "challenge_config",
                    "custom_response_bodies",
                    "token_domains",
                )
            )
            made = self._waf.create_web_acl(
                name=name,
                visibility_config=visibility,
                default_action={"Allow": {}},
                scope="REGIONAL",
                description="",
                tags=[],
                rules=[rule],
                **settings,
            )
            self._web_acls[name] = made.arn
        return self._web_acls[name]


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _google() -> dict[str, Any]:
    return {
        "ProviderType": "Google",
        "ProviderDetails": {
            "client_id": "bulk.apps.googleusercontent.com",
            "client_secret": "bulk-google-client-secret",
            "authorize_scopes": "openid email",
        },
        "AttributeMapping": {"username": "sub", "email": "email"},
    }
