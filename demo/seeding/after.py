"""What refers to user pools: functions' permissions, web ACLs, trails, alarms and APIs."""

from demo.company_data.specs import ACCOUNT, EUROPE, PoolSpec
from demo.company_data.surroundings import (
    ALARMS,
    AUTHORIZERS,
    REPLICA_WEB_ACLS,
    TRAILS,
    WEB_ACLS,
    AuthorizerSpec,
)
from demo.company_data.workloads import FUNCTIONS
from demo.seeding.workshop import Workshop

COGNITO = "cognito-idp.amazonaws.com"


def make(shop: Workshop, account: str, pools: tuple[PoolSpec, ...]) -> None:
    """Make one account's share of it."""
    arns = {pool.name: _arn(shop, pool) for pool in pools}
    for function in (each for each in FUNCTIONS if each.account == account):
        source = (
            {"SourceArn": arns[function.user_pool], "SourceAccount": account} if function.user_pool else {}
        )
        shop.client("lambda", function.region).add_permission(
            FunctionName=function.name,
            StatementId="cognito",
            Action="lambda:InvokeFunction",
            Principal=COGNITO,
            **source,
        )
    for trail in (each for each in TRAILS if each.account == account):
        cloudtrail = shop.client("cloudtrail", EUROPE)
        cloudtrail.create_trail(
            Name=trail.name, S3BucketName=f"tarnfell-trails-{account}", IsMultiRegionTrail=True
        )
        cloudtrail.put_event_selectors(TrailName=trail.name, AdvancedEventSelectors=trail.selectors)
        cloudtrail.start_logging(Name=trail.name)
    if account == ACCOUNT:
        _web_acls(shop, account, pools)
        _alarms(shop, account)
        for authorizer in AUTHORIZERS:
            _authorizer(shop, authorizer, arns[authorizer.user_pool])


def _arn(shop: Workshop, pool: PoolSpec, region: str | None = None) -> str:
    place = f"{region or pool.region}:{pool.account}"
    return f"arn:aws:cognito-idp:{place}:userpool/{shop.seeded.user_pools[pool.name]}"


def _web_acls(shop: Workshop, account: str, pools: tuple[PoolSpec, ...]) -> None:
    made = shop.seeded.web_acls
    for spec in WEB_ACLS:
        waf = shop.client("wafv2", spec.region)
        visibility = {
            "SampledRequestsEnabled": True,
            "CloudWatchMetricsEnabled": True,
            "MetricName": spec.name,
        }
        arn = waf.create_web_acl(
            Name=spec.name,
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            Rules=spec.rules,
            VisibilityConfig=visibility,
        )["Summary"]["ARN"]
        made[spec.region, spec.name] = arn
        if spec.log_group:
            target = f"arn:aws:logs:{spec.region}:{account}:log-group:{spec.log_group}"
            waf.put_logging_configuration(
                LoggingConfiguration={"ResourceArn": arn, "LogDestinationConfigs": [target]}
            )
    for pool in pools:
        fronts = {
            region: name for (of_pool, region), name in REPLICA_WEB_ACLS.items() if of_pool == pool.name
        }
        fronts |= {pool.region: pool.web_acl} if pool.web_acl else {}
        for region, name in fronts.items():
            shop.client("wafv2", region).associate_web_acl(
                WebACLArn=made[region, name], ResourceArn=_arn(shop, pool, region)
            )


def _alarms(shop: Workshop, account: str) -> None:
    for region, pool, client, metric in ALARMS:
        dimensions = {
            "UserPool": shop.seeded.user_pools[pool],
            "UserPoolClient": shop.seeded.clients[pool, client],
        }
        shop.client("cloudwatch", region).put_metric_alarm(
            AlarmName=f"{pool}-{metric}",
            Namespace="AWS/Cognito",
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=10,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[f"arn:aws:sns:{region}:{account}:on-call"],
        )


def _authorizer(shop: Workshop, spec: AuthorizerSpec, user_pool_arn: str) -> None:
    if spec.client is None:
        _rest_api(shop, spec, user_pool_arn)
        return
    gateway = shop.client("apigatewayv2", spec.region)
    issuer = f"https://cognito-idp.{spec.region}.amazonaws.com/{shop.seeded.user_pools[spec.user_pool]}"
    api_id = gateway.create_api(Name=spec.api, ProtocolType="HTTP")["ApiId"]
    authorizer = gateway.create_authorizer(
        ApiId=api_id,
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        Name=spec.name,
        JwtConfiguration={"Audience": [shop.seeded.clients[spec.user_pool, spec.client]], "Issuer": issuer},
    )
    for key, scopes in spec.methods.items():
        gateway.create_route(
            ApiId=api_id,
            RouteKey=key,
            AuthorizationType="JWT",
            AuthorizerId=authorizer["AuthorizerId"],
            AuthorizationScopes=scopes,
        )


def _rest_api(shop: Workshop, spec: AuthorizerSpec, user_pool_arn: str) -> None:
    gateway = shop.client("apigateway", spec.region)
    api_id = gateway.create_rest_api(name=spec.api)["id"]
    authorizer = gateway.create_authorizer(
        restApiId=api_id,
        name=spec.name,
        type="COGNITO_USER_POOLS",
        providerARNs=[user_pool_arn],
        identitySource="method.request.header.Authorization",
    )
    (root,) = gateway.get_resources(restApiId=api_id)["items"]
    made: dict[str, str] = {}
    for key, scopes in spec.methods.items():
        verb, path = key.split(" /")
        if path not in made:
            made[path] = gateway.create_resource(restApiId=api_id, parentId=root["id"], pathPart=path)["id"]
        gateway.put_method(
            restApiId=api_id,
            resourceId=made[path],
            httpMethod=verb,
            authorizationType="COGNITO_USER_POOLS",
            authorizerId=authorizer["id"],
            authorizationScopes=scopes,
        )
