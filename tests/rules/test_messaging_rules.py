from typing import Any

import pytest

from records.snapshot import Snapshot
from records.user_pool import EmailConfiguration, LambdaTrigger
from rules.messaging import built_in_email_sender_is_outgrown, messages_cannot_be_sent
from tests.builders import make_app_client, make_mfa_configuration
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_MFA,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    passes,
    user_pool,
)

BUILT_IN = EmailConfiguration(
    sending_account="COGNITO_DEFAULT",
    source_arn=None,
    from_address=None,
    reply_to_address=None,
    configuration_set=None,
)
EMAIL_MFA = make_mfa_configuration(has_email=True)
SENDER = LambdaTrigger(
    stage="CustomEmailSender",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:sender",
    version="V1_0",
)


def built_in_sender(**overrides: Any) -> Snapshot:
    return user_pool(**{"email": BUILT_IN, "estimated_users": 50, **overrides})


CASES = [
    fails(
        built_in_email_sender_is_outgrown,
        "every need at once",
        built_in_sender(
            estimated_users=51, first_factors=frozenset({"PASSWORD", "EMAIL_OTP"}), mfa=EMAIL_MFA
        ),
        "has the built-in e-mail sender, about 50 e-mails a day, for 51 users",
        "has the built-in e-mail sender, about 50 e-mails a day, for codes that sign users in",
        "has the built-in e-mail sender, about 50 e-mails a day, for e-mail MFA",
        evidence=(
            ("EmailConfiguration.EmailSendingAccount", "COGNITO_DEFAULT"),
            ("EstimatedNumberOfUsers", 51),
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("EMAIL_OTP", "PASSWORD")),
            ("EmailMfaConfiguration", True),
        ),
    ),
    fails(
        built_in_email_sender_is_outgrown,
        "many users and MFA unread",
        built_in_sender(email=None, estimated_users=1000, mfa=NO_MFA),
        "has the built-in e-mail sender, about 50 e-mails a day, for 1000 users",
        evidence=(("EmailConfiguration.EmailSendingAccount", None), ("EstimatedNumberOfUsers", 1000)),
        gaps=(NO_MFA,),
    ),
    passes(built_in_email_sender_is_outgrown, "few users", built_in_sender()),
    passes(
        built_in_email_sender_is_outgrown, "number of users left out", built_in_sender(estimated_users=None)
    ),
    passes(
        built_in_email_sender_is_outgrown,
        "e-mail MFA prepared but off",
        built_in_sender(mfa=make_mfa_configuration(mode="OFF", has_email=True)),
    ),
    passes(built_in_email_sender_is_outgrown, "Amazon SES", user_pool(mfa=NO_MFA, clients=NO_CLIENT_LIST)),
    is_no_matter(
        built_in_email_sender_is_outgrown,
        "a custom sender delivers",
        built_in_sender(estimated_users=1000, triggers=(SENDER,)),
    ),
    is_no_matter(
        built_in_email_sender_is_outgrown,
        "federated only",
        built_in_sender(
            estimated_users=1000, clients=(make_app_client(identity_providers=frozenset({"Okta"})),)
        ),
    ),
    is_unknown(built_in_email_sender_is_outgrown, "MFA unread", built_in_sender(mfa=NO_MFA), NO_MFA),
    is_unknown(
        built_in_email_sender_is_outgrown,
        "clients unread",
        built_in_sender(estimated_users=1000, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        messages_cannot_be_sent,
        "both channels",
        user_pool(email_failure="EmailNotVerified", sms_failure="SNSSandbox"),
        "cannot send e-mail: AWS reports EmailNotVerified",
        "cannot send SMS: AWS reports SNSSandbox",
        evidence=(
            ("EmailConfigurationFailure", "EmailNotVerified"),
            ("SmsConfigurationFailure", "SNSSandbox"),
        ),
    ),
    passes(messages_cannot_be_sent, "nothing reported", user_pool()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_messaging_rules(case: Case) -> None:
    assert case.judged() == case.expected
