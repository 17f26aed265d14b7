"""The input with which an operation that replaces everything would leave everything as it is.

`UpdateUserPool` and its like reset each member that they are not given. So their input is read whole, member
by member of an allow-list, and a member that the list does not know is named: a call without it would reset
it, and a call with it might hand on what nobody has looked at.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from collectors.answers import Answer, MalformedAnswerError, demand_same
from collectors.app_clients import parse_app_client
from collectors.client_parts import parse_client_risk
from collectors.identity_pools import parse_identity_pool
from collectors.settings_shapes import ANY, APP_CLIENT, IDENTITY_POOL, MFA, RISK, USER_POOL, Shape
from collectors.user_pools import parse_mfa_configuration, parse_risk_configuration, parse_user_pool

CALLS = frozenset(
    {
        "cognito-idp:DescribeUserPool",
        "cognito-idp:GetUserPoolMfaConfig",
        "cognito-idp:DescribeRiskConfiguration",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-identity:DescribeIdentityPool",
    }
)

_RESERVED_TAGS = "aws:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the input of `operation` stands: in the answer of `call`, under `part` where it has one.

    `carried` are the members that the input takes over, by the input's names, `renamed` the answer's names
    where they differ, `read_only` the answer's members that no input has. Without one of `needed`, AWS would
    choose a value that is none of the present settings.
    """

    operation: str
    call: str
    part: str | None
    ids: tuple[str, ...]
    carried: Shape
    read_only: frozenset[str]
    parse: Callable[[Any], object]
    renamed: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()


SOURCES: Mapping[str, Source] = {
    source.operation: source
    for source in (
        Source(
            operation="UpdateUserPool",
            call="cognito-idp:DescribeUserPool",
            part="UserPool",
            ids=("UserPoolId",),
            carried=USER_POOL,
            read_only=frozenset(
                {
                    "Id",
                    "Arn",
                    "Status",
                    "CreationDate",
                    "LastModifiedDate",
                    "EstimatedNumberOfUsers",
                    "SmsConfigurationFailure",
                    "EmailConfigurationFailure",
                    # Set when the user pool is made, or by operations of their own.
                    "SchemaAttributes",
                    "AliasAttributes",
                    "UsernameAttributes",
                    "UsernameConfiguration",
                    "Domain",
                    "CustomDomain",
                }
            ),
            parse=parse_user_pool,
            renamed={"Name": "PoolName"},
            # "Defaults to ESSENTIALS" (UpdateUserPool): another plan, with another price.
            needed=frozenset({"UserPoolTier"}),
        ),
        Source(
            operation="SetUserPoolMfaConfig",
            call="cognito-idp:GetUserPoolMfaConfig",
            part=None,
            ids=("UserPoolId",),
            carried=MFA,
            read_only=frozenset(),
            parse=parse_mfa_configuration,
        ),
        Source(
            operation="SetRiskConfiguration",
            call="cognito-idp:DescribeRiskConfiguration",
            part="RiskConfiguration",
            ids=("UserPoolId", "ClientId"),
            carried=RISK,
            read_only=frozenset({"UserPoolId", "ClientId", "LastModifiedDate"}),
            parse=parse_risk_configuration,
        ),
        Source(
            operation="UpdateUserPoolClient",
            call="cognito-idp:DescribeUserPoolClient",
            part="UserPoolClient",
            ids=("UserPoolId", "ClientId"),
            carried=APP_CLIENT,
            # The secret stays as it is, and its value goes nowhere.
            read_only=frozenset(
                {"UserPoolId", "ClientId", "ClientSecret", "CreationDate", "LastModifiedDate", "ClientType"}
            ),
            parse=parse_app_client,
        ),
        Source(
            operation="UpdateIdentityPool",
            call="cognito-identity:DescribeIdentityPool",
            part=None,
            ids=("IdentityPoolId",),
            carried=IDENTITY_POOL,
            read_only=frozenset({"IdentityPoolId"}),
            parse=parse_identity_pool,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSettings:
    """The complete input of an operation as the settings are now, and the record of the same answer.

    `unknown` are members of the answer that the allow-list does not know, `missing` members that the input
    cannot do without and the answer does not have.
    """

    operation: str
    parameters: Mapping[str, Any]
    record: object
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def collect_present_settings(client: Any, operation: str, ids: Mapping[str, str]) -> PresentSettings:
    """Read what `operation` would replace on the resource that `ids` name, with the client of its service.

    Raises botocore's errors, and MalformedAnswerError where the answer is about something else.
    """
    source = SOURCES[operation]
    answer, raw = _answer_and_body(client, source.call.partition(":")[2], ids)
    of_client = operation == "SetRiskConfiguration" and "ClientId" in ids
    record = parse_client_risk(answer, ids["ClientId"]) if of_client else source.parse(answer)
    if of_client and record is None:
        # What AWS answers is the user pool's; the app client has none of its own.
        return PresentSettings(operation=operation, parameters=dict(ids), record=None)
    return parse_present_settings(source, raw, ids, record)


def parse_present_settings(
    source: Source, raw: Any, ids: Mapping[str, str], record: object
) -> PresentSettings:
    """Translate the body of an answer, in which AWS's members stand whether or not botocore knows them."""
    answer = Answer(raw, source.call)
    members = raw if source.part is None else raw.get(source.part)
    if source.part is not None:
        answer = answer.required_part(source.part)
    for name, own in (("Id", "UserPoolId"), *((each, each) for each in source.ids)):
        if own in ids and (answered := answer.text(name)) is not None:
            demand_same(answered, ids[own])
    unknown: list[str] = []
    settings = {
        source.renamed.get(name, name): value
        for name, value in members.items()
        if name not in source.read_only and not (source.part is None and name == "ResponseMetadata")
    }
    parameters = _carried(settings, source.carried, "", unknown)
    _leave_out_what_goes_with_another(parameters)
    return PresentSettings(
        operation=source.operation,
        parameters={**ids, **parameters},
        record=record,
        unknown=tuple(unknown),
        missing=tuple(sorted(source.needed - parameters.keys())),
    )


def has_path(operation: str, path: tuple[str, ...]) -> bool:
    """Whether an operation's input has a member at this place."""
    shape: Shape | None = SOURCES[operation].carried
    for name in path:
        if shape is None or (name not in shape and ANY not in shape):
            return False
        shape = shape[name if name in shape else ANY]
    return bool(path)


def _carried(value: Mapping[str, Any], shape: Shape, where: str, unknown: list[str]) -> dict[str, Any]:
    """Return the members that the shape has, with what it does not know named in `unknown`."""
    kept: dict[str, Any] = {}
    for name, member in value.items():
        # AWS answers some unset text as empty, which no input takes; a tag's value may be empty.
        if member is None or (member == "" and ANY not in shape):
            continue
        path = f"{where}{name}"
        if name not in shape and ANY not in shape:
            unknown.append(path)
            continue
        inner = shape[name if name in shape else ANY]
        if inner is None:
            if not _is_plain(member):
                unknown.append(path)
                continue
            kept[name] = member
        elif isinstance(member, list):
            kept[name] = [_carried(_structure(each, path), inner, f"{path}.", unknown) for each in member]
        elif found := _carried(_structure(member, path), inner, f"{path}.", unknown):
            kept[name] = found
    return kept


def _structure(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedAnswerError(f"{path} is a {type(value).__name__}")
    return value


def _is_plain(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(each, str | int | float) for each in values)


def _leave_out_what_goes_with_another(parameters: dict[str, Any]) -> None:
    """Take out what AWS answers, yet refuses or ignores beside another member of the same input."""
    policy = parameters.get("Policies", {}).get("PasswordPolicy", {})
    invitations = parameters.get("AdminCreateUserConfig", {})
    # "When you set TemporaryPasswordValidityDays [...] you can no longer set a value for the legacy
    # UnusedAccountValidityDays parameter" (PasswordPolicyType).
    if "TemporaryPasswordValidityDays" in policy:
        invitations.pop("UnusedAccountValidityDays", None)
    for name in ("UserPoolTags", "IdentityPoolTags"):
        # Nobody but AWS sets or takes away tags of this prefix:
        # https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
        if own := {key: value for key, value in _pairs(parameters.get(name)) if not _is_reserved(key)}:
            parameters[name] = own
        else:
            parameters.pop(name, None)


def _pairs(tags: Any) -> Iterator[tuple[str, Any]]:
    yield from (tags or {}).items()


def _is_reserved(key: str) -> bool:
    return key.lower().startswith(_RESERVED_TAGS)


def _answer_and_body(client: Any, operation: str, ids: Mapping[str, str]) -> tuple[Any, Any]:
    """Make a call; return botocore's reading of the answer, and all that AWS sent.

    botocore passes over members that are younger than it is; in the body they stand.
    """
    bodies: list[bytes] = []

    def keep(response_dict: Mapping[str, Any], **_: object) -> None:
        bodies.append(response_dict["body"])

    event = f"before-parse.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    method = next(name for name, of in client.meta.method_to_api_mapping.items() if of == operation)
    client.meta.events.register(event, keep)
    try:
        answer = getattr(client, method)(**ids)
    finally:
        client.meta.events.unregister(event, keep)
    try:
        raw = json.loads(bodies[-1])
    except (IndexError, ValueError):
        # Without the cause, which quotes the answer.
        raise MalformedAnswerError(f"{operation} did not answer with JSON") from None
    return answer, _structure(raw, operation)
