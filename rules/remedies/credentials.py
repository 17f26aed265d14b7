"""Remedies of the rules on who gets AWS credentials, and for what."""

from rules.remedies import Affected, Remedy
from rules.remedies.roles import CONDITION_STEPS, NARROW_BREAKS, NARROW_STEPS

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="CRD001",
        change="Name a role that exists",
        impact="Those for whom the role is meant get credentials again.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out when the role was deleted, and why.",
            "Make it again with a trust policy for this identity pool; or name another one.",
            "Send Roles and RoleMappings along if you call SetIdentityPoolRoles.",
            "Get credentials once as somebody for whom the role is meant.",
        ),
        breaks="A call of SetIdentityPoolRoles that leaves RoleMappings out takes groups' roles away.",
    ),
    Remedy(
        code="CRD002",
        change="Narrow the role's policies",
        impact="Guests no longer reach data or functions; applications do that after sign-in.",
        affected=Affected.GUESTS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Look in CloudTrail for what guests did by the role, and for whether data left already.",
            "Let the application reach the data after sign-in, or through a service of yours.",
            "Take the actions out of the guest role's policies.",
        ),
        breaks="What the application does before sign-in with these actions is refused.",
        removes="guests' access to data and functions",
    ),
    Remedy(
        code="CRD003",
        change="Narrow the role's policies",
        impact="Guests may do what the application calls before sign-in, and no more.",
        affected=Affected.GUESTS,
        needs_client_release=False,
        is_reversible=True,
        steps=NARROW_STEPS,
        breaks=NARROW_BREAKS,
        removes="the rights that guests do not use",
    ),
    Remedy(
        code="CRD004",
        change="Condition the role's trust",
        impact="Guests cannot take the role for signed-in users; those who sign in notice nothing.",
        affected=Affected.GUESTS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            *CONDITION_STEPS,
            "Switch the classic flow off once no application assumes a role by itself.",
        ),
        breaks="Guests to whom an application lends the role by the classic flow lose it.",
        removes="the trust in guests",
    ),
    Remedy(
        code="CRD005",
        change="Narrow the role's policies",
        impact="Whoever signs up may do what the application calls, and no more.",
        affected=Affected.EVERYBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            *NARROW_STEPS,
            "Close self sign-up where strangers have no business here at all.",
        ),
        breaks=NARROW_BREAKS,
        removes="the rights that the application does not use",
    ),
)
