"""The responses to risk, of a user pool and of an app client that has its own."""

from dashboard import words
from dashboard.settings.rows import Setting, group, itself, many, one
from records.facet import FacetName


def risk_responses(facet: FacetName, absent: str = words.NONE) -> tuple[Setting, ...]:
    """Return the settings of a risk configuration."""
    return group(
        facet,
        "Responses to risk",
        *(
            row
            for level in ("low", "medium", "high")
            for row in (
                one(
                    f"At {level} risk",
                    f"{level}_risk.action",
                    f"AccountTakeoverRiskConfiguration.Actions.{level.capitalize()}Action.EventAction",
                ),
                one(
                    f"User told at {level} risk",
                    f"{level}_risk.notifies_user",
                    f"AccountTakeoverRiskConfiguration.Actions.{level.capitalize()}Action.Notify",
                    words.yes_no,
                ),
            )
        ),
        one(
            "Leaked credentials",
            "compromised_credentials_action",
            "CompromisedCredentialsRiskConfiguration.Actions.EventAction",
        ),
        one(
            "Credentials checked at",
            "compromised_credentials_events",
            "CompromisedCredentialsRiskConfiguration.EventFilter",
            words.all_of,
        ),
        one(
            "Notices sent from",
            "notification_source_arn",
            "AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        ),
        many("Blocked network", "blocked_ip_ranges", "RiskExceptionConfiguration.BlockedIPRangeList", itself),
        many(
            "Network never judged",
            "skipped_ip_ranges",
            "RiskExceptionConfiguration.SkippedIPRangeList",
            itself,
        ),
        one("Changed", "modified_at", "RiskConfiguration.LastModifiedDate", words.moment, is_own=True),
        absent=absent,
    )
