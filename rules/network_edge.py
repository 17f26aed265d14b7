"""Network edge: the web ACL in front of a user pool, and the domains that its users see."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.intent import Intent
from records.surroundings import WebAcl
from records.user_pool import UserPool
from records.user_pool_parts import Replica, UserPoolDomain
from rules.conditions import has_own_users
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import AWS_DOCS, DOCS
from rules.web_acls import asks_for_people, has_unknown_rules, limits_rates

WEB_ACL_GUIDE = DOCS + "user-pool-waf.html"
DOMAIN_GUIDE = DOCS + "cognito-user-pools-add-custom-domain.html"
# What a user pool is declared to be for where its own users' sign-in matters little.
QUIET = frozenset({Intent.DEVELOPMENT, Intent.FEDERATED_ONLY, Intent.MACHINE_TO_MACHINE})
LOST_CERTIFICATE_STATES = {
    "FAILED": "AWS could not issue",
    "REVOKED": "was revoked",
    "VALIDATION_TIMED_OUT": "was never validated",
}


def is_reachable(pool: UserPool, ctx: Context) -> bool:
    """Whether strangers have anything to call: sign-in pages, or the sign-in of the pool's own users."""
    return bool(pool.domain or pool.custom_domain) or has_own_users(pool, ctx)


def has_web_acl(_pool: UserPool, ctx: Context) -> bool:
    """Whether a web ACL stands in front of the user pool."""
    return ctx.pool.web_acl.value is not None


def filters_open_sign_up(pool: UserPool, ctx: Context) -> bool:
    """Whether anybody may sign up through a web ACL."""
    return pool.allows_self_sign_up and has_web_acl(pool, ctx)


def has_filtered_replicas(pool: UserPool, ctx: Context) -> bool:
    """Whether a user pool with a web ACL has replicas that take requests."""
    return has_web_acl(pool, ctx) and bool(_active_replicas(ctx))


def has_certificate(domain: UserPoolDomain, _ctx: Context) -> bool:
    """Whether the domain is one of the owner's, with a certificate."""
    return domain.certificate_arn is not None


def is_custom(domain: UserPoolDomain, _ctx: Context) -> bool:
    """Whether the domain is one of the owner's: AWS alone decides the TLS versions of the others."""
    return domain.is_custom


@rule(
    "EDG001",
    Severity.MEDIUM,
    stakes=Stakes.STRANGERS,
    url=WEB_ACL_GUIDE,
    applies=is_reachable,
    reads=(FacetName.WEB_ACL, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
    peers={
        "prowler": ("cognito_user_pool_waf_acl_attached",),
        "service_screener": ("cognitoNoWafAssociation",),
        "stave": ("CTL.COGNITO.WAF",),
        "cloudsploit": ("cognitoHasWafEnabled",),
        "electric_eye": ("Cognito.4",),
    },
)
def user_pool_has_no_web_acl(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """No web ACL stands in front of the user pool.

    Why: nothing but AWS's quotas slows those who try passwords or sign up by machine, and each message
    and user that they cause is paid for.
    Fix: make a regional web ACL with a rate rule in AWS WAF and associate it with the user pool. Begin with
    Count and read its log: a rate that is too low shuts out users behind one shared address. AWS WAF bills
    web ACLs, rules and requests.
    Unsure when: users reach the user pool only through a proxy of yours that limits rates.
    """
    if ctx.pool.web_acl.value is None:
        severity, because = _grade_without_web_acl(pool, ctx)
        yield Problem("has no web ACL in front of it", (("WebACL", None),), severity, because)


@rule(
    "EDG002",
    Severity.MEDIUM,
    stakes=Stakes.STRANGERS,
    url=AWS_DOCS + "waf/latest/developerguide/waf-rule-statement-type-rate-based.html",
    applies=has_web_acl,
    reads=(FacetName.WEB_ACL,),
    plan_needed="LITE",
)
def web_acl_limits_no_rate(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The web ACL limits no rate.

    Why: a sender may call as often as AWS's quotas allow, which is enough to try leaked passwords, to guess
    codes and to make others wait.
    Fix: add a rate-based rule with Block, Captcha or Challenge. Begin with Count and read the log: a rate
    that is too low shuts out users behind one shared address.
    Unsure when: the web ACL lets only known addresses in, or a proxy of yours limits rates. Rule groups of
    your own or of other vendors may hold rate rules, so a web ACL with such a group is let be.
    """
    acl = ctx.pool.web_acl.value
    rules = acl.rules if acl else ()
    if acl is None or any(limits_rates(each) or has_unknown_rules(each) for each in rules):
        return
    idle = [each for each in rules if each.kind == "RateBased"]
    for each in idle:
        yield Problem(
            f"has the rate rule {each.name} with the action {each.action}, which holds nobody back",
            evidence=((f"WebACL.Rules[{each.name}].Action", each.action),),
        )
    if not idle:
        yield Problem(
            f"has the web ACL {acl.name} without a rate rule",
            evidence=_names_of_rules(acl),
        )


@rule(
    "EDG003",
    Severity.MEDIUM,
    stakes=Stakes.STRANGERS,
    url=AWS_DOCS + "waf/latest/developerguide/waf-captcha-and-challenge.html",
    applies=filters_open_sign_up,
    reads=(FacetName.WEB_ACL,),
    plan_needed="LITE",
)
def sign_up_asks_for_no_proof(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Machines may sign up as people do.

    Why: whoever makes accounts by script fills the user pool, has messages sent at your cost, and finds out
    which addresses have an account.
    Fix: add a rule with Captcha or Challenge for sign-up to the web ACL. Apps that sign users up by API need
    AWS WAF's client library then, or their calls are refused.
    Unsure when: a managed rule group's own rules are overridden to Captcha or Challenge, which Poolwatch does
    not read, or a PreSignUp trigger proves that a person signs up.
    """
    acl = ctx.pool.web_acl.value
    if acl and not any(asks_for_people(each) or has_unknown_rules(each) for each in acl.rules):
        yield Problem(
            f"allows sign-up through the web ACL {acl.name}, which asks for no CAPTCHA or challenge",
            evidence=(
                *_names_of_rules(acl),
                ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
            ),
        )


@rule(
    "EDG004",
    Severity.LOW,
    url=AWS_DOCS + "waf/latest/developerguide/logging.html",
    applies=has_web_acl,
    reads=(FacetName.WEB_ACL, FacetName.WEB_ACL_LOGGING),
    plan_needed="LITE",
)
def web_acl_is_not_logged(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The web ACL keeps no log.

    Why: without a log nobody sees whom the rules shut out or let through, during an attack and when a rule is
    to be made stricter.
    Fix: send the log to CloudWatch Logs, Amazon S3 or Data Firehose with PutLoggingConfiguration; the
    destination's name must begin with aws-waf-logs-. The log is billed by what it takes in.
    """
    acl = ctx.pool.web_acl.value
    logging = ctx.region.web_acl_logging(acl.arn).value if acl else None
    if acl and (logging is None or not logging.destination_arns):
        yield Problem(
            f"has the web ACL {acl.name}, which keeps no log",
            evidence=(("WebACL.ARN", acl.arn), ("LoggingConfiguration.LogDestinationConfigs", None)),
        )


@rule(
    "EDG005",
    Severity.HIGH,
    url=DOCS + "user-pool-multi-region.html",
    applies=has_filtered_replicas,
    reads=(FacetName.WEB_ACL, FacetName.REPLICAS, FacetName.REPLICA_WEB_ACL),
    plan_needed="ESSENTIALS",
)
def replica_has_no_web_acl(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A replica stands in another region without a web ACL.

    Why: the replica signs in the same users, so whoever is shut out by the web ACL goes to the other region.
    Fix: make a web ACL with the same rules in the replica's region and associate it with the replica's ARN;
    web ACLs are regional and are not copied. Begin with Count and read its log.
    """
    replicas = [(each, each.arn or "") for each in _active_replicas(ctx)]
    for replica, arn in sorted(
        replicas, key=lambda each: ctx.region.replica_web_acl(each[1]).gap is not None
    ):
        if ctx.region.replica_web_acl(arn).value is None:
            yield Problem(
                f"has no web ACL in front of its replica in {replica.region}",
                evidence=((f"UserPoolReplicas[{replica.region}].Status", replica.status), ("WebACL", None)),
                path=(
                    f"web ACL in front of {ctx.pool.scope.region}",
                    f"replica in {replica.region} without a web ACL",
                    "sign-in of the same users",
                ),
                target=arn,
            )


@rule(
    "EDG006",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=AWS_DOCS + "acm/latest/userguide/managed-renewal.html",
    applies=has_certificate,
    reads=(FacetName.CERTIFICATE,),
    params={"days": 30},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.DOMAIN.CERTEXPIRY",)},
)
def certificate_expires(domain: UserPoolDomain, ctx: Context) -> Iterator[Problem]:
    """The custom domain's certificate has expired, soon does, or is not renewed.

    Why: with an expired certificate browsers and apps refuse the domain, so nobody signs in there.
    Fix: put the validation record back into DNS, for AWS Certificate Manager renews by it; import an imported
    certificate anew under the same ARN. With another ARN, name it in the domain's CustomDomainConfig; AWS
    takes up to an hour to spread it.
    Unsure when: the domain is about to be given up.
    """
    certificate = ctx.region.certificate(domain.certificate_arn or "").value
    if certificate is None:
        return
    ends = certificate.not_after.date() if certificate.not_after else None
    evidence = (
        ("CustomDomainConfig.CertificateArn", domain.certificate_arn),
        ("Certificate.NotAfter", ends.isoformat() if ends else None),
        ("Certificate.Status", certificate.status),
        ("Certificate.RenewalEligibility", certificate.renewal_eligibility),
        ("Certificate.RenewalSummary.RenewalStatus", certificate.renewal_status),
    )
    days = (ends - ctx.today).days if ends else None
    if certificate.status == "EXPIRED" or (days is not None and days < 0):
        yield Problem(
            f"has a certificate that expired{f' on {ends}' if ends else ''}",
            evidence,
            Severity.CRITICAL,
            "the certificate has expired, so sign-in on the domain fails now",
        )
    elif days is not None and days <= ctx.parameters["days"]:
        yield Problem(f"has a certificate that expires on {ends}, in {days} days", evidence)
    if certificate.renewal_status == "FAILED":
        yield Problem("has a certificate that AWS could not renew", evidence)


@rule(
    "EDG007",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=DOMAIN_GUIDE,
    applies=has_certificate,
    reads=(FacetName.CERTIFICATE,),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.GHOST.DOMAINCERT",)},
)
def certificate_is_gone(domain: UserPoolDomain, ctx: Context) -> Iterator[Problem]:
    """The custom domain's certificate is not there any more, or good for nothing.

    Why: browsers and apps refuse a revoked certificate, and one that is gone cannot be renewed: at the
    latest when the copy in use expires, nobody signs in on the domain.
    Fix: request a certificate in us-east-1, validate it by DNS, and name it in the domain's
    CustomDomainConfig. AWS takes up to an hour to spread it.
    """
    certificate = ctx.region.certificate(domain.certificate_arn or "").value
    named = ("CustomDomainConfig.CertificateArn", domain.certificate_arn)
    if certificate is None:
        yield Problem("has a certificate that does not exist", evidence=(named,))
    elif lost := LOST_CERTIFICATE_STATES.get(certificate.status or ""):
        yield Problem(
            f"has a certificate that {lost}", evidence=(named, ("Certificate.Status", certificate.status))
        )


@rule(
    "EDG008",
    Severity.MEDIUM,
    url=AWS_DOCS + "cognito-user-identity-pools/latest/APIReference/API_CustomDomainConfigType.html",
    applies=is_custom,
    plan_needed="LITE",
)
def domain_allows_old_tls(domain: UserPoolDomain, _ctx: Context) -> Iterator[Problem]:
    """The custom domain takes connections of TLS 1.0.

    Why: TLS 1.0 and its ciphers can be broken by those who sit on the line, where passwords and codes pass;
    AWS discourages it strongly.
    Fix: set the domain's CustomDomainConfig.SecurityPolicy to TLS_V1_2_2021, sending CertificateArn along.
    Clients of more than ten years ago can no longer sign in then.
    Unsure when: AWS names no SecurityPolicy for the domain, as for one that is older than the setting: AWS
    does not document what is in force then, so the rule claims nothing. Try TLS 1.0 on the domain to see.
    """
    if domain.security_policy == "TLS_V1":
        yield Problem(
            "takes connections of TLS 1.0, by the security policy TLS_V1",
            evidence=(("CustomDomainConfig.SecurityPolicy", domain.security_policy),),
        )


@rule(
    "EDG009",
    Severity.LOW,
    url=DOMAIN_GUIDE,
    plan_needed="LITE",
)
def domain_is_not_served(domain: UserPoolDomain, _ctx: Context) -> Iterator[Problem]:
    """The domain is not served.

    Why: sign-in pages and OAuth endpoints do not answer under its name.
    Fix: for a custom domain, look whether the certificate covers the name and whether its parent domain has
    an A record in DNS, then delete the domain and make it anew. Its distribution can be another one then,
    to which the DNS record must point.
    Unsure when: the domain was made within the last hour.
    """
    status = ("Status", domain.status)
    if domain.status == "FAILED":
        yield Problem("is not served, for AWS could not set it up", evidence=(status,))
    elif domain.status == "CREATING":
        yield Problem("is not served yet, for AWS still sets it up", evidence=(status,))


def _grade_without_web_acl(pool: UserPool, ctx: Context) -> tuple[Severity | None, str]:
    """Return a severity of the problem's own with its reason, None where the ladder is to grade it."""
    clients = ctx.pool.clients
    is_read = ctx.pool.client_list.gap is None and all(each.settings.gap is None for each in clients)
    if is_read and not has_own_users(pool, ctx):
        return Severity.LOW, "the user pool has no users of its own, whose passwords could be tried"
    is_hidden = not pool.allows_self_sign_up and not (pool.domain or pool.custom_domain)
    if pool.sms is not None and not ctx.intents & QUIET:
        if is_hidden:
            return Severity.MEDIUM, ""
        return Severity.HIGH, "strangers can have it send SMS at the owner's cost"
    if is_hidden:
        return Severity.LOW, "only administrators create users, and it has no domain"
    return None, ""


def _active_replicas(ctx: Context) -> list[Replica]:
    """Return the replicas that take users' requests, beside the primary."""
    found = ctx.pool.replicas.value
    return [each for each in found if each.role == "SECONDARY" and each.status == "ACTIVE" and each.arn]


def _names_of_rules(acl: WebAcl) -> tuple[tuple[str, object], ...]:
    return (("WebACL.ARN", acl.arn), ("WebACL.Rules", tuple(each.name for each in acl.rules)))
