"""Remedies of the rules on e-mail and SMS."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="MSG001",
        change="Send e-mail with Amazon SES",
        impact="E-mail comes from a domain of yours, without AWS's limit of about 50 a day.",
        affected=Affected.EVERYBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Verify a domain in Amazon SES with DKIM, and ask for production access.",
            "Set EmailSendingAccount to DEVELOPER with SourceArn in a user pool for tests first.",
            "Set it in this one, and watch bounces and complaints.",
        ),
        breaks="Mail from a new domain lands in spam at first, and in Amazon SES's sandbox it is refused.",
    ),
    Remedy(
        code="MSG002",
        change="Mend what keeps messages from being sent",
        impact="Users get their codes again.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look up what the code of the failure names, and the failed call in CloudTrail.",
            "Mend that: the sandbox, the role with its ExternalId, or the sender's identity.",
            "Send a code to yourself; AWS clears its report after that.",
        ),
    ),
    Remedy(
        code="MSG003",
        change="Move Amazon SES into production",
        impact="E-mail reaches every recipient.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Handle bounces and complaints, of which AWS asks for a description.",
            "Ask for production access in the sender's region, or answer AWS's notice where it has one.",
            "Send a code to an address that was never verified.",
        ),
    ),
    Remedy(
        code="MSG004",
        change="Verify the e-mail sender",
        impact="Codes, invitations and notifications arrive.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Create the identity in the region that the ARN names, best for the whole domain.",
            "Publish its records in DNS, or follow the link that is sent to the address.",
            "Send a code to yourself.",
        ),
    ),
    Remedy(
        code="MSG005",
        change="Sign e-mail with DKIM",
        impact="Mailboxes can tell the user pool's e-mail from a phisher's.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Set up Easy DKIM for the domain in Amazon SES.",
            "Publish its three CNAME records, and wait until Amazon SES has found them.",
            "Switch signing on, then tighten the domain's DMARC policy step by step.",
        ),
        breaks="A DMARC policy that is tightened too early stops other mail of the domain.",
    ),
    Remedy(
        code="MSG006",
        change="Move SMS out of the sandbox",
        impact="SMS reaches every number that the account may send to.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Register a sender in the countries that ask for one; that can take weeks.",
            "Set a spend limit and a protect configuration before strangers can cause SMS.",
            "Ask to move the account out of the sandbox in the region that sends the SMS.",
        ),
        breaks="Outside the sandbox, fraudsters can make the owner pay for SMS to any country.",
    ),
    Remedy(
        code="MSG007",
        change="Bound the countries that SMS goes to",
        impact="Numbers of countries that are not on the list get no SMS.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the countries of your users' numbers, and those that they travel from.",
            "Make a protect configuration that allows these, and try it with one configuration set.",
            "Set it as the account's default, and watch for failed deliveries.",
        ),
        breaks=(
            "Users with a number of another country get no code, and cannot sign in where SMS is their only "
            "factor. The default also bounds what other applications of the account send."
        ),
        removes="SMS to all other countries",
    ),
    Remedy(
        code="MSG008",
        change="Limit what SMS may cost",
        impact="AWS stops all SMS of the account and region once the month's limit is reached.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find the dearest month of the last year.",
            "Set the limit a little above it, and an alarm at half of it.",
            "Write down who raises the limit, for it can run out on a weekend.",
        ),
        breaks=(
            "A reached limit stops MFA codes too: users whose only factor is SMS cannot sign in until the "
            "limit is raised or the month ends."
        ),
    ),
    Remedy(
        code="MSG009",
        change="Log the delivery of SMS",
        impact="Each SMS leaves an entry with its outcome and price in CloudWatch Logs.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a role that Amazon SNS may write to CloudWatch Logs with.",
            "Set DeliveryStatusIAMRole with SetSMSAttributes in the region that sends the SMS.",
            "Set the retention of the log groups, for they hold phone numbers.",
        ),
        breaks="CloudWatch bills the logs, which cover the SMS of all applications of the account.",
    ),
)
