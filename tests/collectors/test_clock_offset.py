import pytest
from botocore.exceptions import ClientError

from collectors.attempt import credentials_error


def refusal(message: str) -> ClientError:
    return ClientError({"Error": {"Code": "SignatureDoesNotMatch", "Message": message}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        pytest.param(
            "Signature expired: 20261123T093000Z is now earlier than 20261123T094500Z"
            " (20261123T095000Z - 5 min.)",
            "20 minutes behind AWS's",
            id="behind",
        ),
        pytest.param(
            "Signature not yet current: 20261123T103000Z is still later than 20261123T094500Z"
            " (20261123T094000Z + 5 min.)",
            "50 minutes ahead of AWS's",
            id="ahead",
        ),
    ],
)
def test_a_refusal_for_a_wrong_clock_tells_the_difference(message: str, told: str) -> None:
    error = credentials_error(refusal(message))
    assert told in error.message
    assert "clock" in error.hint


@pytest.mark.parametrize("message", ["", "Signature expired", "The request signature we calculated ..."])
def test_any_other_refusal_is_about_the_credentials(message: str) -> None:
    assert "does not accept the credentials" in credentials_error(refusal(message)).message
