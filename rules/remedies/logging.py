"""Remedies of the rules on logs, trails and alarms."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="LOG001",
        change="Export what threat protection sees",
        impact="Each sign-in that threat protection judges leaves an entry.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make the log group, bucket or stream, with a retention and with readers that you choose.",
            "Set userAuthEvents at level INFO with SetLogDeliveryConfiguration, sending the other along.",
        ),
        breaks="The log names users and their addresses and is billed by what it takes in.",
    ),
    Remedy(
        code="LOG002",
        change="Log messages that cannot be delivered",
        impact="A message that fails leaves an entry with the reason.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a log group with a retention.",
            "Set userNotification at level ERROR with SetLogDeliveryConfiguration, sending the other along.",
            "Set an alarm on the number of entries.",
        ),
        breaks="A call that leaves the other destination out ends its log.",
    ),
    Remedy(
        code="LOG003",
        change="Give the log a log group that exists",
        impact="Events are kept again; those of the time between do not come back.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make the log group again under the same name, with a retention.",
            "Or name another with SetLogDeliveryConfiguration, sending the other destination along.",
            "Keep pipelines from deleting it.",
        ),
    ),
    Remedy(
        code="LOG004",
        change="Keep the log of sign-ins for a year",
        impact="Sign-ins can be looked up as long as the retention says.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Ask which time law and contracts want.",
            "Copy what must be kept for longer to Amazon S3.",
            "Set the retention with PutRetentionPolicy.",
        ),
        breaks="A shorter retention deletes what is older within days, for good.",
        removes="entries that are older than the retention",
    ),
    Remedy(
        code="LOG005",
        change="Record data events of identity pools",
        impact="A trail says who got AWS credentials, when, and from where.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Estimate the number of events: each exchange of a token is one or two.",
            "Add the event selector with PutEventSelectors, sending the others along.",
            "Watch the bill for a week.",
        ),
        breaks="A call that leaves the other selectors out ends what they record; events are billed.",
    ),
    Remedy(
        code="LOG006",
        change="Record management events in a trail",
        impact="Whoever changes a user pool leaves an entry that outlasts 90 days.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make a bucket in an account that operators cannot reach.",
            "Make a multi-region trail with management events, best for the whole organization.",
            "Validate its log files, and set an alarm on StopLogging.",
        ),
        breaks="A second copy of management events is billed.",
    ),
    Remedy(
        code="LOG007",
        change="Watch sign-ins, sign-ups and risks by alarms",
        impact="Somebody is told when sign-ins are throttled, sign-ups rise or risks show.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look at the metrics of the last weeks for what is usual.",
            "Make alarms on SignInThrottles, SignUpSuccesses and AccountTakeoverRisk.",
            "Send them to somebody who can act, and tune them for a month.",
        ),
        breaks="Alarms that go off for nothing are soon overlooked.",
    ),
)
