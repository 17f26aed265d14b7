"""Remedies of the rules on client secrets."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="SEC001",
        change="Rotate the client secret",
        impact="The application proves itself by a new secret under the same client id.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Add a second secret with AddUserPoolClientSecret, and store it where the application reads it.",
            "Roll the new secret out to every installation; both work meanwhile.",
            "Delete the old secret with DeleteUserPoolClientSecret.",
        ),
        breaks="An installation that still has the old secret is refused once it is deleted.",
        removes="the old client secret",
    ),
    Remedy(
        code="SEC002",
        change="Delete the replaced client secret",
        impact="Only the newest secret works.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "See that every installation has the new secret.",
            "Delete the old secret with DeleteUserPoolClientSecret.",
        ),
        breaks="An installation that still has the old secret is refused.",
        removes="the old client secret",
    ),
)
