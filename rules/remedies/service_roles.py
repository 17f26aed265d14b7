"""Remedies of the rules on the role by which a user pool sends SMS."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="SVC001",
        change="Name a role that exists",
        impact="Users get their codes by SMS again.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make the role again with a trust policy for cognito-idp.amazonaws.com and the ExternalId.",
            "Or name another one in SmsConfiguration.",
            "Send a code to yourself.",
        ),
    ),
    Remedy(
        code="SVC002",
        change="Condition the role's trust",
        impact="Only a user pool that knows the ExternalId can send by the role.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the user pools that send by the role, and see that they have the same ExternalId.",
            "Add StringEquals on sts:ExternalId with UpdateAssumeRolePolicy.",
            "Send a code to yourself from each.",
        ),
        breaks="A user pool with another ExternalId, or none, cannot send SMS any more.",
        removes="the trust without an external id",
    ),
    Remedy(
        code="SVC003",
        change="Condition the role's trust",
        impact="Only the user pools that you name can send by the role.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the user pools that send by the role.",
            "Add ArnLike on aws:SourceArn and StringEquals on aws:SourceAccount for all of them.",
            "Send a code to yourself from each.",
        ),
        breaks="A user pool that is left out cannot send SMS any more.",
        removes="the trust in user pools that nobody named",
    ),
    Remedy(
        code="SVC004",
        change="Narrow the role's policies",
        impact="The role sends SMS, and does nothing else.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out which other services use the role, and give each a role of its own.",
            "Leave sns:Publish, or sms-voice:SendTextMessage for AWS End User Messaging.",
            "Send a code to yourself.",
        ),
        breaks="Another service that shares the role stops working.",
        removes="the rights beyond sending SMS",
    ),
)
