"""Lambda triggers: whether the functions and keys that a user pool needs are there, and in good hands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from records.evaluation import Evidence, Severity
from records.facet import Facet, FacetName
from records.resource import Arn, Scope
from records.surroundings import KmsKey, LambdaFunction
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.iam import Decision, Grant, action_matches, is_every_action
from rules.invocation import calls_allowed, fits, takes_strangers
from rules.ladder import Stakes
from rules.links import AWS_DOCS, DOCS
from rules.patterns import covers
from rules.reach import reach_of
from rules.runtimes import RUNTIMES_AS_OF, deprecation_date

TRIGGERS_GUIDE = DOCS + "cognito-user-pools-working-with-lambda-triggers.html"
# What is decided at the stages that guard sign-up, sign-in and tokens.
SECURITY_GATES: Mapping[str, str] = {
    "PreSignUp": "who may sign up",
    "PreAuthentication": "who may sign in",
    "DefineAuthChallenge": "which challenges signing in takes",
    "CreateAuthChallenge": "what a challenge asks",
    "VerifyAuthChallengeResponse": "whether a challenge is met",
    "PreTokenGeneration": "what tokens say of a user",
    "InboundFederation": "what is taken over of federated users",
    "UserMigration": "who is taken over from elsewhere",
}
# Where functions write users into other systems, or decide on their own who has signed in.
TRUSTING_STAGES = frozenset(
    {"PostConfirmation", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"}
)
CUSTOM_SENDERS = frozenset({"CustomEmailSender", "CustomSMSSender"})
# The states in which a key neither encrypts nor decrypts (kms/latest/developerguide/key-state.html).
UNUSABLE_KEY_STATES = frozenset(
    {"Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"}
)


def has_triggers(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool calls any function."""
    return bool(pool.triggers)


def has_custom_sender(pool: UserPool, _ctx: Context) -> bool:
    """Whether a function sends the user pool's messages, with codes encrypted under a key."""
    return bool(_custom_senders(pool)) and pool.custom_sender_kms_key_arn is not None


def has_own_key(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool's data is encrypted under a key of its owner."""
    return pool.kms_key_arn is not None


@rule(
    "TRG001",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=TRIGGERS_GUIDE,
    applies=has_triggers,
    reads=(FacetName.FUNCTION,),
    plan_needed="LITE",
    peers={
        "stave": (
            "CTL.COGNITO.GHOST.PRESIGNUP",
            "CTL.COGNITO.GHOST.PREAUTH",
            "CTL.COGNITO.GHOST.POSTAUTH",
            "CTL.COGNITO.GHOST.POSTCONFIRM",
            "CTL.COGNITO.GHOST.PRETOKEN",
            "CTL.COGNITO.GHOST.CUSTOMMSG",
            "CTL.COGNITO.GHOST.USERMIGRATE",
            "CTL.COGNITO.GHOST.DEFINEAUTH",
            "CTL.COGNITO.GHOST.CREATEAUTH",
            "CTL.COGNITO.GHOST.VERIFYAUTH",
        )
    },
)
def trigger_function_is_gone(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger names a function that does not exist.

    Why: what users do at that stage ends in an error, and whoever may make functions in that account can put
    one of the same name there and decide what the stage decides.
    Fix: bring the function, its version or its alias back, or take the stage out of LambdaConfig by read,
    merge, write: UpdateUserPool resets every field left out. Without the stage its decision falls away.
    """
    for arn, stages in _functions_of(pool, ctx.region.function):
        if ctx.region.function(arn).value is None:
            decides = [SECURITY_GATES[stage] for stage in stages if stage in SECURITY_GATES]
            gates = f", which decides {' and '.join(decides)}" if decides else ""
            yield Problem(
                f"calls at {' and '.join(stages)} a function that does not exist{gates}: {arn}",
                evidence=_at(arn, stages),
            )


@rule(
    "TRG002",
    Severity.MEDIUM,
    stakes=Stakes.CONTINUITY,
    url=AWS_DOCS + "lambda/latest/dg/lambda-runtimes.html",
    applies=has_triggers,
    reads=(FacetName.FUNCTION,),
    plan_needed="LITE",
)
def trigger_runtime_is_deprecated(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger runs on a runtime that AWS no longer patches.

    Why: holes that are found in the runtime stay open, in code that sees every sign-up or sign-in; after
    some months AWS refuses to update such a function at all.
    Fix: move the function to a runtime that AWS supports, and test it first: a newer language version can
    break its code, and with it sign-in.
    Unsure when: AWS has put the date off since the list that Poolwatch has; runtimes that it does not know
    are let be.
    """
    for function, evidence in _functions(pool, ctx):
        ended = deprecation_date(function.runtime)
        if ended is not None and ended <= ctx.today:
            yield Problem(
                f"calls {function.arn} on {function.runtime}, which AWS deprecated on {ended}, by its list"
                f" of {RUNTIMES_AS_OF}",
                evidence=(*evidence, (f"Functions[{function.name}].Runtime", function.runtime)),
            )


@rule(
    "TRG003",
    Severity.LOW,
    url=AWS_DOCS + "lambda/latest/dg/lambda-runtimes.html",
    applies=has_triggers,
    reads=(FacetName.FUNCTION,),
    params={"days": 180},
    plan_needed="LITE",
)
def trigger_runtime_ends_soon(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger runs on a runtime that AWS will soon stop to patch.

    Why: from that day on holes in the runtime stay open, in code that sees every sign-up or sign-in.
    Fix: plan to move the function to a later runtime, and test it first: a newer language version can break
    its code, and with it sign-in.
    Unsure when: AWS has put the date off since the list that Poolwatch has.
    """
    for function, evidence in _functions(pool, ctx):
        ends = deprecation_date(function.runtime)
        if ends is not None and 0 < (ends - ctx.today).days <= ctx.parameters["days"]:
            yield Problem(
                f"calls {function.arn} on {function.runtime}, which AWS deprecates on {ends}, by its list"
                f" of {RUNTIMES_AS_OF}",
                evidence=(*evidence, (f"Functions[{function.name}].Runtime", function.runtime)),
            )


@rule(
    "TRG004",
    Severity.MEDIUM,
    url=AWS_DOCS + "IAM/latest/UserGuide/confused-deputy.html",
    applies=has_triggers,
    reads=(FacetName.FUNCTION_POLICY,),
    plan_needed="LITE",
)
def trigger_is_open_to_any_user_pool(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger's function takes calls from user pools of strangers.

    Why: anybody can name the function in a user pool of their own and feed it made-up users, which a function
    that writes data or confirms accounts takes for yours.
    Fix: replace the statement, with RemovePermission and AddPermission, by one with aws:SourceArn of this
    user pool. Between the two calls sign-in fails, so add the new one first; other user pools that share
    the function need a statement each.
    Unsure when: the function itself looks at the user pool's id in each event.
    """
    for arn, stages in _functions_of(pool, ctx.region.function_policy):
        for trust in calls_allowed(ctx.region.function_policy(arn).value):
            if takes_strangers(trust):
                trusting = [stage for stage in stages if stage in TRUSTING_STAGES]
                yield Problem(
                    f"calls {arn}, which takes calls from user pools of any account",
                    evidence=(*_at(arn, stages), ("Policy.Statement.Sid", trust.statement.sid)),
                    severity=Severity.HIGH if trusting else None,
                    because=f"functions at {' and '.join(trusting)} act on what the event says of a user",
                    target=arn,
                )


@rule(
    "TRG005",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=TRIGGERS_GUIDE,
    applies=has_triggers,
    reads=(FacetName.FUNCTION, FacetName.FUNCTION_POLICY),
    plan_needed="LITE",
)
def trigger_may_not_be_called(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The user pool may not call the function of its trigger.

    Why: AWS Lambda refuses the call, so what users do at that stage ends in an error.
    Fix: let cognito-idp.amazonaws.com call the function with AddPermission, with aws:SourceArn of this user
    pool. A statement for the function itself does not count for a version or an alias: name it as Qualifier.
    """
    for arn, stages in _functions_of(pool, ctx.region.function_policy):
        document = ctx.region.function_policy(arn).value
        if document is None and ctx.region.function(arn).value is None:
            continue
        trusts = tuple(calls_allowed(document))
        if not any(fits(trust, ctx.pool.arn, ctx.pool.scope.account_id) for trust in trusts):
            lack = "policy lets other user pools call it" if trusts else "policy lets no user pool call it"
            yield Problem(
                f"calls {arn}, " + (f"whose {lack}" if document else "which has no policy that lets it"),
                evidence=(
                    *_at(arn, stages),
                    ("Policy.Statement.Sid", tuple(trust.statement.sid or "" for trust in trusts)),
                ),
            )


@rule(
    "TRG006",
    Severity.MEDIUM,
    url=TRIGGERS_GUIDE,
    applies=has_triggers,
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.CROSSACCT.LAMBDA",)},
)
def trigger_is_in_another_account(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger calls a function of another account.

    Why: whoever may change that function sees what users send and decides over their sign-in, outside of
    this account's control and logs.
    Fix: make sure who owns the account and who may change the function, or move the function into this
    account and name it in LambdaConfig by read, merge, write: UpdateUserPool resets every field left out.
    Unsure when: the account is a platform account of your own.
    """
    for trigger in pool.triggers:
        account_id = _account_of(trigger.function_arn)
        if account_id not in ("", ctx.pool.scope.account_id):
            yield Problem(
                f"calls at {trigger.stage} a function of account {account_id}: {trigger.function_arn}",
                evidence=((f"LambdaConfig.{trigger.stage}", trigger.function_arn),),
            )


@rule(
    "TRG007",
    Severity.HIGH,
    url=AWS_DOCS + "lambda/latest/dg/lambda-intro-execution-role.html",
    applies=has_triggers,
    reads=(FacetName.FUNCTION, FacetName.ROLE_POLICIES),
    plan_needed="LITE",
)
def trigger_role_is_too_strong(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A trigger's function has a role that can do far more than any trigger needs.

    Why: what users type reaches the function; a hole in its code hands out its role, with which one takes
    over users, or the account.
    Fix: give the function a role of its own with the actions that its code calls, on this user pool's ARN
    alone. Look at its calls in CloudTrail first: what is left out stops to work.
    Unsure when: a policy of the organization, which Poolwatch does not read, bounds the role.
    """
    for function, evidence in _functions(pool, ctx):
        policies = ctx.region.role_policies(function.role_arn).value if function.role_arn else None
        for grant in reach_of(policies).grants if policies else ():
            if excess := _excess(grant, ctx.pool.scope):
                policy = f"Policies[{grant.policy}]"
                yield Problem(
                    f"calls {function.arn}, whose role may do {excess} by {grant.policy}",
                    evidence=(
                        *evidence,
                        (f"Functions[{function.name}].Role", function.role_arn),
                        (f"{policy}.Action", grant.statement.actions),
                        (f"{policy}.NotAction", grant.statement.not_actions),
                        (f"{policy}.Resource", grant.resources),
                    ),
                )


@rule(
    "TRG008",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=DOCS + "user-pool-lambda-custom-sender-triggers.html",
    applies=has_custom_sender,
    reads=(FacetName.KMS_KEY,),
    plan_needed="LITE",
)
def custom_sender_key_is_unusable(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The key for the codes of a custom sender cannot be used.

    Why: AWS encrypts each code and temporary password under this key before it calls the function that
    sends it; without the key no message goes out, and nobody can sign up, recover or do MFA by message.
    Fix: enable the key, or call its deletion off; if it is gone, make a new one that Cognito may use, and
    set LambdaConfig.KMSKeyID by read, merge, write: UpdateUserPool resets every field left out. The function
    needs kms:Decrypt on the new key.
    """
    arn = pool.custom_sender_kms_key_arn or ""
    yield from _unusable(
        ctx.region.kms_key(arn).value,
        "encrypts the codes for its custom sender",
        evidence=(("LambdaConfig.KMSKeyID", arn), ("LambdaConfig", _custom_senders(pool))),
    )


@rule(
    "TRG009",
    Severity.CRITICAL,
    url=DOCS + "data-protection.html",
    applies=has_own_key,
    reads=(FacetName.KMS_KEY,),
)
def user_pool_key_is_unusable(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The key that encrypts the user pool's data cannot be used.

    Why: without the key AWS can read neither users nor settings, so nobody signs in; once the key is
    deleted, the users are lost for good.
    Fix: enable the key, or call its deletion off with CancelKeyDeletion and enable it, at once. Nothing else
    breaks by that.
    """
    arn = pool.kms_key_arn or ""
    yield from _unusable(
        ctx.region.kms_key(arn).value,
        "encrypts its data",
        evidence=(("KeyConfiguration.KmsKeyArn", arn), ("KeyConfiguration.KeyType", pool.key_type)),
    )


def _custom_senders(pool: UserPool) -> tuple[str, ...]:
    return tuple(trigger.stage for trigger in pool.triggers if trigger.stage in CUSTOM_SENDERS)


def _functions_of(
    pool: UserPool, lookup: Callable[[str], Facet[Any]]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return the functions' ARNs with their stages, those last of which the lookup finds a gap.

    So what is certain of the others is said before the gap ends the rule.
    """
    stages: dict[str, tuple[str, ...]] = {}
    for trigger in pool.triggers:
        stages[trigger.function_arn] = (*stages.get(trigger.function_arn, ()), trigger.stage)
    return sorted(stages.items(), key=lambda item: lookup(item[0]).gap is not None)


def _functions(pool: UserPool, ctx: Context) -> Iterator[tuple[LambdaFunction, Evidence]]:
    """Yield the functions that exist, with where the user pool names them."""
    for arn, stages in _functions_of(pool, ctx.region.function):
        function = ctx.region.function(arn).value
        if function is not None:
            yield function, _at(arn, stages)


def _at(function_arn: str, stages: Iterable[str]) -> Evidence:
    return tuple((f"LambdaConfig.{stage}", function_arn) for stage in stages)


def _account_of(function_arn: str) -> str:
    """Return the account that an ARN names, nothing where the text is no ARN."""
    try:
        return Arn.of(function_arn).account_id
    except ValueError:
        return ""


def _excess(grant: Grant, scope: Scope) -> str | None:
    """Return what a grant allows that no trigger needs; None where it is bounded, or a condition decides."""
    if grant.is_conditional:
        return None
    if is_every_action(grant.action) and any(covers(each, "arn:*") for each in grant.resources):
        spared = f" but {', '.join(grant.denied)}" if grant.denied else ""
        return f"everything{spared}"
    all_roles = f"arn:{scope.partition}:iam::{scope.account_id}:role/*"
    for pattern, action, resource in (
        ("cognito-idp:Admin*", "cognito-idp:AdminSetUserPassword", scope.user_pool_arn("*")),
        ("iam:*", "iam:PutRolePolicy", all_roles),
    ):
        wide = next((each for each in grant.resources if covers(each, resource)), None)
        if wide and action_matches(grant.action, pattern) and grant.decide(action) is Decision.GRANTED:
            return f"{grant.action} on {wide}"
    return None


def _unusable(key: KmsKey | None, does: str, *, evidence: Evidence) -> Iterator[Problem]:
    if key is None:
        yield Problem(f"{does} under a key that does not exist", evidence)
    elif key.state in UNUSABLE_KEY_STATES:
        day = key.deletion_at.date().isoformat() if key.deletion_at else None
        end = f" and deleted on {day}" if day else ""
        yield Problem(
            f"{does} under a key that is {key.state}{end}",
            evidence=(*evidence, ("KeyMetadata.KeyState", key.state), ("KeyMetadata.DeletionDate", day)),
        )
