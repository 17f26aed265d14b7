"""Remedies of the rules on identity pools."""

from collections.abc import Iterator

from records.identity_pool import IdentityPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy

UPDATE = Operation.UPDATE_IDENTITY_POOL


def _refuse_guests(_pool: IdentityPool, _ctx: Context) -> Iterator[Change]:
    yield Change(UPDATE, ("AllowUnauthenticatedIdentities",), value=False)


def _end_classic_flow(_pool: IdentityPool, _ctx: Context) -> Iterator[Change]:
    yield Change(UPDATE, ("AllowClassicFlow",), value=False)


def _check_tokens(pool: IdentityPool, _ctx: Context) -> Iterator[Change]:
    """Give every entry the check; AWS knows a list of them only as a whole."""
    entries = [
        {
            "ProviderName": provider.provider_name,
            "ClientId": provider.client_id,
            "ServerSideTokenCheck": True,
        }
        for provider in pool.user_pool_providers
    ]
    yield Change(UPDATE, ("CognitoIdentityProviders",), entries)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="IDP001",
        change="Close guest access",
        impact="Only those who sign in get an identity and AWS credentials.",
        affected=Affected.GUESTS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Look in CloudTrail's data events for GetId and GetCredentialsForIdentity without a login.",
            "Let the application do what guests do only after sign-in, or through a service of yours.",
            "Set AllowUnauthenticatedIdentities to false, then delete the guest role.",
        ),
        breaks=(
            "What works before sign-in stops: maps, CloudWatch RUM, uploads. A guest who signs in later no "
            "longer brings a guest identity along."
        ),
        removes="guest access",
        changes=_refuse_guests,
    ),
    Remedy(
        code="IDP002",
        change="Switch the classic flow off",
        impact="AWS chooses the role, and bounds what guests get to some services.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Look in CloudTrail for AssumeRoleWithWebIdentity by cognito-identity.amazonaws.com.",
            "Move applications that call it to GetCredentialsForIdentity.",
            "Set AllowClassicFlow to false.",
        ),
        breaks=(
            "Applications that call GetOpenIdToken and AssumeRoleWithWebIdentity by themselves get no "
            "credentials, and sessions cannot be longer than an hour."
        ),
        removes="the classic flow",
        changes=_end_classic_flow,
    ),
    Remedy(
        code="IDP003",
        change="Give guests a role of their own",
        impact="Guests get only what the new role allows.",
        affected=Affected.GUESTS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List what the application does before sign-in.",
            "Make a role that allows this alone and trusts amr unauthenticated of this identity pool.",
            "Name it as the unauthenticated role with SetIdentityPoolRoles, sending everything else along.",
        ),
        breaks=(
            "What the new role leaves out fails for guests. A call of SetIdentityPoolRoles that leaves "
            "RoleMappings out takes groups' roles away."
        ),
        removes="guests' use of the users' role",
    ),
    Remedy(
        code="IDP004",
        change="Ask the user pool before credentials are given",
        impact="Users who were signed out everywhere or deleted get no more AWS credentials.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that the application takes a refused token for a sign-out.",
            "Set ServerSideTokenCheck to true for each entry of CognitoIdentityProviders.",
        ),
        breaks="Each exchange of a token for credentials takes a little longer.",
        changes=_check_tokens,
    ),
    Remedy(
        code="IDP005",
        change="Match claims exactly",
        impact="A role goes to tokens whose claim is the value itself.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the values that the claim has among your users.",
            "Write a rule with Equals for each that shall get the role, or use groups with the Token type.",
            "Set RoleMappings with SetIdentityPoolRoles, sending Roles and the other mappings along.",
        ),
        breaks="Users whose claim only resembled the value lose the role.",
        removes="the loose match",
    ),
    Remedy(
        code="IDP006",
        change="Deny credentials where no role fits",
        impact="Users without a group or a matching claim get no credentials.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Count the users who are in no group, or whom no rule fits.",
            "Give those who need credentials a group or a rule.",
            "Set AmbiguousRoleResolution to Deny with SetIdentityPoolRoles, sending everything else along.",
        ),
        breaks="Users whom no role fits are refused, new ones above all.",
        removes="the authenticated role as the last resort",
    ),
    Remedy(
        code="IDP007",
        change="Fill principal tags from attributes that users cannot write",
        impact="Tags of the session say what the organisation says of the user.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Find the policies that compare aws:PrincipalTag with the tag.",
            "Keep the value in an attribute that only your servers write, and copy over what is right.",
            "Fill the tag from it with SetPrincipalTagAttributeMap, sending the other tags along.",
            "Where that cannot be, take the attribute out of WriteAttributes of every app client.",
        ),
        breaks=(
            "Users whose new attribute is empty lose what the tag gave them. Sign-in by an identity provider "
            "fails where an attribute that it fills is not writable any more."
        ),
        removes="the user's own say in the tag",
    ),
    Remedy(
        code="IDP008",
        change="Choose roles by what users cannot write",
        impact="Groups, or an attribute that only your servers write, decide on the role.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "List who has the role now, and look in CloudTrail for what was done with it.",
            "Put those who shall have it into a group with that role.",
            "Set the mapping to cognito:groups or the Token type with SetIdentityPoolRoles.",
            "Where that cannot be, take the attribute out of WriteAttributes of every app client.",
        ),
        breaks=(
            "Users who are in no group lose the role. Sign-in by an identity provider fails where an "
            "attribute that it fills is not writable any more."
        ),
        removes="the user's own say in the role",
    ),
)
