"""What a user pool's password policy lacks of what is asked of it."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.user_pool import PasswordPolicy
from rules.engine import Context, Problem

# Shorter than that, a password that stands alone is guessed.
SHORT = 8
# Longer than that, a temporary password is as good as a lasting one.
LONG_DAYS = 30


def demanded_lengths(ctx: Context) -> tuple[int, int]:
    """Return the characters that a password needs by itself, and beside a second factor of every user."""
    alone = ctx.parameters["minimum_length"]
    return alone, ctx.parameters["minimum_length_with_mfa"] or alone


def demanded_length(ctx: Context) -> int:
    """Return the characters that a password needs, fewer where every user has a second factor as well.

    Raises NotCollectedError where that decides and was not read.
    """
    alone, beside = demanded_lengths(ctx)
    if alone == beside:
        return alone
    return beside if ctx.pool.mfa.value.mode == "ON" else alone


def weaknesses(policy: PasswordPolicy, ctx: Context) -> Iterator[Problem]:
    """Yield what is weak in a password policy, last what only the MFA configuration tells."""
    length = policy.effective_minimum_length
    evidence = (("Policies.PasswordPolicy.MinimumLength", policy.minimum_length),)
    alone, beside = demanded_lengths(ctx)
    is_too_short = length < min(alone, beside)
    if is_too_short:
        asked = f"{alone}" if alone == beside else f"{beside} beside MFA and {alone} without"
        yield Problem(f"accepts passwords of {length} characters, fewer than {asked}", evidence)
    if ctx.parameters["asks_character_classes"]:
        yield from _missing_classes(policy)
    yield from _long_lived(policy, ctx.parameters["temporary_password_days"])
    if is_too_short and length < SHORT and ctx.pool.mfa.value.mode == "OFF":
        yield Problem(
            "signs users in by such a short password alone",
            (*evidence, ("MfaConfiguration", "OFF")),
            Severity.HIGH,
            f"a password of fewer than {SHORT} characters is the only factor",
        )
    elif not is_too_short and length < max(alone, beside) and length < (floor := demanded_length(ctx)):
        mode = ctx.pool.mfa.value.mode
        yield Problem(
            f"accepts passwords of {length} characters with MfaConfiguration {mode}, fewer than {floor}",
            (*evidence, ("MfaConfiguration", mode)),
        )


def _missing_classes(policy: PasswordPolicy) -> Iterator[Problem]:
    for member, what, is_required in (
        ("RequireLowercase", "a lowercase letter", policy.requires_lowercase),
        ("RequireUppercase", "an uppercase letter", policy.requires_uppercase),
        ("RequireNumbers", "a number", policy.requires_numbers),
        ("RequireSymbols", "a symbol", policy.requires_symbols),
    ):
        if not is_required:
            yield Problem(
                f"accepts passwords without {what}",
                ((f"Policies.PasswordPolicy.{member}", is_required),),
                Severity.LOW,
                "length protects a password more than kinds of character do",
            )


def _long_lived(policy: PasswordPolicy, ceiling: int) -> Iterator[Problem]:
    days = policy.effective_temporary_password_days
    if days > ceiling:
        is_bounded = days <= LONG_DAYS
        yield Problem(
            f"keeps temporary passwords for {days} days, more than {ceiling}",
            (("Policies.PasswordPolicy.TemporaryPasswordValidityDays", policy.temporary_password_days),),
            Severity.LOW if is_bounded else None,
            f"temporary passwords end within {LONG_DAYS} days all the same" if is_bounded else "",
        )
