"""Remedies of the rules on web ACLs, domains and certificates."""

from rules.remedies import Affected, Remedy

CAPTCHA_BREAKS = (
    "Captcha and Challenge can keep managed login from registering TOTP, and refuse native sign-up by API "
    "that lacks AWS WAF's client library."
)

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="EDG001",
        change="Associate a web ACL that limits rates",
        impact="AWS WAF counts requests by address and refuses what is too much.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a regional web ACL with a rate-based rule in Count, and log it.",
            "Associate it with the user pool, and read its log for a week.",
            "Set the rate well above the busiest address, and switch the rule to Block.",
        ),
        breaks="Many users behind one address are refused together where the rate is too low.",
    ),
    Remedy(
        code="EDG002",
        change="Limit rates in the web ACL",
        impact="AWS WAF counts requests by address and refuses what is too much.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Add a rate-based rule in Count, and read the log for a week.",
            "Set the rate well above the busiest address, and switch the rule to Block.",
        ),
        breaks="Many users behind one address are refused together where the rate is too low.",
    ),
    Remedy(
        code="EDG003",
        change="Ask for proof of a person at sign-up",
        impact="Browsers answer a Challenge unseen or a Captcha by hand before an account is made.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Release applications that sign users up by API with AWS WAF's client library.",
            "Add a rule in Count for sign-up alone, and read the log.",
            "Switch it to Challenge, and to Captcha only where Challenge does not do.",
        ),
        breaks=CAPTCHA_BREAKS,
    ),
    Remedy(
        code="EDG004",
        change="Log the web ACL",
        impact="Each request that the web ACL judges leaves an entry.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a destination whose name begins with aws-waf-logs-, with a retention.",
            "Redact headers that carry tokens, and keep only blocked and counted requests if cost matters.",
            "Send the log there with PutLoggingConfiguration.",
        ),
        breaks="The log names users' addresses and is billed by what it takes in.",
    ),
    Remedy(
        code="EDG005",
        change="Associate a web ACL that limits rates",
        impact="The replica is guarded as the user pool is.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a web ACL with the same rules in the replica's region, in Count.",
            "Associate it with the replica's ARN, and read its log.",
            "Switch its rules on, and keep both web ACLs in one template.",
        ),
        breaks="Rules that were tuned in one region can refuse users in the other after a failover.",
    ),
    Remedy(
        code="EDG006",
        change="Renew the domain's certificate",
        impact="Browsers go on trusting the sign-in pages.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Put the validation record back into DNS; import an imported certificate anew under its ARN.",
            "Where that cannot be, name another certificate in the domain's CustomDomainConfig.",
            "Open the sign-in page once AWS has spread it, which takes up to an hour.",
        ),
        breaks="An application that pins the old certificate refuses the new one.",
    ),
    Remedy(
        code="EDG007",
        change="Renew the domain's certificate",
        impact="Browsers trust the sign-in pages again.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Request a certificate for the name in us-east-1, and validate it by DNS.",
            "Name it in the domain's CustomDomainConfig.",
            "Open the sign-in page once AWS has spread it, which takes up to an hour.",
        ),
        breaks="An application that pins the old certificate refuses the new one.",
    ),
    Remedy(
        code="EDG008",
        change="Ask for TLS 1.2 on the domain",
        impact="Connections by TLS 1.0 and 1.1 are refused.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look for old devices and servers among those who sign in.",
            "Set SecurityPolicy to TLS_V1_2_2021 in CustomDomainConfig, sending CertificateArn along.",
            "Watch sign-ins for a day.",
        ),
        breaks="Devices of more than ten years ago cannot open the sign-in pages any more.",
        removes="TLS 1.0 and TLS 1.1",
    ),
    Remedy(
        code="EDG009",
        change="Bring the domain into service",
        impact="The sign-in pages and OAuth endpoints answer at the domain.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "See that the certificate covers the name, and that its parent domain has an A record.",
            "Delete the domain, and make it anew.",
            "Point the DNS record to the new distribution.",
        ),
        breaks="Between the two calls nothing answers at the domain, and it may get another distribution.",
        removes="the domain as it is",
    ),
)
