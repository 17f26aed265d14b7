"""Remedies of the rules on attributes that identity providers fill."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="MAP001",
        change="Set rights on the server, not by the identity provider",
        impact="The provider no longer says which rights its users have.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the provider's users with the attribute, and ask its owner about those you do not know.",
            "Set the attribute on the server, or by a PreTokenGeneration trigger that knows the provider.",
            "Take it out of AttributeMapping, sending the other mappings along, and correct old values.",
            "Set a PreSignUp trigger that refuses who does not belong.",
        ),
        breaks=(
            "Applications that wait for a new value from the provider do not get it, and a trigger that "
            "errs refuses everybody new."
        ),
        removes="the mapping of the attribute",
    ),
    Remedy(
        code="MAP002",
        change="Map to attributes that can be written",
        impact="Users of the provider can sign in again, with all that it says of them.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Sign in by the provider once and see the error.",
            "Put the attribute into WriteAttributes, or map the claim to a new, mutable attribute.",
            "Take a mapping that nobody needs out of AttributeMapping, sending the others along.",
        ),
        breaks=(
            "Users can write what stands in WriteAttributes themselves: take attributes out of the mapping "
            "that rights hang on."
        ),
    ),
)
