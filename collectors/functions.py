"""Lambda functions that user pools call, and who may call them."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from collectors.policy_documents import parse_policy_document
from records.iam import PolicyDocument
from records.surroundings import LambdaFunction

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

CALLS = frozenset({"lambda:GetFunctionConfiguration", "lambda:GetPolicy"})

# Lambda refuses alike where there is no function (or no such version or alias) and where it has no policy.
NO_SUCH_FUNCTION = frozenset({"ResourceNotFoundException"})

# arn:<partition>:lambda:<region>:<account>:function:<name>, before a version or an alias.
_PARTS_WITHOUT_QUALIFIER = 7


def collect_function(lambda_client: "LambdaClient", function_arn: str) -> LambdaFunction:
    """Return a function's configuration; the ARN may name a version or an alias."""
    function = parse_function(lambda_client.get_function_configuration(FunctionName=function_arn))
    demand_same(_unqualified(function.arn), _unqualified(function_arn))
    return function


def collect_function_policy(lambda_client: "LambdaClient", function_arn: str) -> PolicyDocument:
    """Return the resource-based policy of a function, or of the version or alias that the ARN names.

    A function without a policy is refused with one of NO_SUCH_FUNCTION, as one that does not exist.
    """
    return parse_function_policy(lambda_client.get_policy(FunctionName=function_arn))


def parse_function(raw: Any) -> LambdaFunction:
    """Translate GetFunctionConfiguration's answer. Its environment, which may hold secrets, is never read."""
    answer = Answer(raw, "GetFunctionConfiguration")
    return LambdaFunction(
        arn=answer.required_text("FunctionArn"),
        name=answer.required_text("FunctionName"),
        runtime=answer.text("Runtime"),
        package_type=answer.text("PackageType"),
        role_arn=answer.text("Role"),
        state=answer.text("State"),
        last_update_status=answer.text("LastUpdateStatus"),
    )


def parse_function_policy(raw: Any) -> PolicyDocument:
    """Translate GetPolicy's answer, whose policy is JSON text."""
    return parse_policy_document(Answer(raw, "GetPolicy").required_text("Policy"))


def _unqualified(function_arn: str) -> str:
    return ":".join(function_arn.split(":")[:_PARTS_WITHOUT_QUALIFIER])
