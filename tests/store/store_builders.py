"""What a run was answered, for the tests of the store."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evaluation, Outcome, Severity
from records.facet import FacetName, Gap, Holder, Reason
from records.identity_pool import IdentityPool
from records.resource import Member, ResourceType, Scope
from records.run import Answer, RunState
from records.user_pool import UserPool
from store import Writer, open_writer
from tests.builders import NOW, SCOPE
from tests.store.facet_values import VALUES

DENIED = Gap(operation="cognito-idp:DescribeUserPool", reason=Reason.DENIED, message="not authorized")
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)


@dataclass(frozen=True)
class Answers:
    """The answers of a scope at one time; `make` adds whole resources, `add` single facets."""

    at: datetime = NOW
    scope: Scope = SCOPE

    def one(self, facet: FacetName, arn: str, outcome: object) -> Answer:
        return Answer(scope=self.scope, resource_arn=arn, facet=facet, outcome=outcome, at=self.at)

    def region(
        self,
        user_pools: Sequence[tuple[UserPool, Sequence[AppClient]]] = (),
        identity_pools: Sequence[IdentityPool] = (),
    ) -> list[Answer]:
        """Answer a region whole: both lists, and every resource that they name."""
        members = tuple(Member(id=pool.user_pool_id, name=pool.name) for pool, _ in user_pools)
        identities = tuple(Member(id=pool.identity_pool_id, name=pool.name) for pool in identity_pools)
        lists = {FacetName.USER_POOLS: members, FacetName.IDENTITY_POOLS: identities}
        around = FacetName.of(Holder.REGION) if members or identities else ()
        return [
            *(self.one(name, self.scope.facet_arn(name), value) for name, value in lists.items()),
            *(
                self.one(name, self.scope.facet_arn(name), VALUES[name])
                for name in around
                if name not in lists
            ),
            *(each for pool, clients in user_pools for each in self.user_pool(pool, clients)),
            *(each for pool in identity_pools for each in self.identity_pool(pool)),
        ]

    def user_pool(
        self, pool: UserPool, clients: Sequence[AppClient] = (), providers: Sequence[str] = ()
    ) -> list[Answer]:
        arn = self.scope.user_pool_arn(pool.user_pool_id)
        lists = {
            FacetName.APP_CLIENTS: tuple(Member(id=each.client_id, name=each.name) for each in clients),
            FacetName.IDENTITY_PROVIDERS: tuple(Member(id=name, name=name) for name in providers),
        }
        domains = [name for name in (pool.domain, pool.custom_domain) if name]
        return [
            *self._all(Holder.USER_POOL, arn, {FacetName.USER_POOL: pool} | lists),
            *(
                answer
                for each in clients
                for answer in self._all(
                    Holder.APP_CLIENT,
                    self.scope.app_client_arn(pool.user_pool_id, each.client_id),
                    {FacetName.APP_CLIENT: each},
                )
            ),
            *(
                answer
                for name in providers
                for answer in self._all(
                    Holder.IDENTITY_PROVIDER, self.scope.identity_provider_arn(pool.user_pool_id, name)
                )
            ),
            *(
                answer
                for name in domains
                for answer in self._all(Holder.DOMAIN, self.scope.domain_arn(pool.user_pool_id, name))
            ),
        ]

    def identity_pool(self, pool: IdentityPool) -> list[Answer]:
        arn = self.scope.identity_pool_arn(pool.identity_pool_id)
        return self._all(Holder.IDENTITY_POOL, arn, {FacetName.IDENTITY_POOL: pool})

    def _all(self, holder: Holder, arn: str, values: dict[FacetName, Any] | None = None) -> list[Answer]:
        """Answer every facet of a resource, with the usual value where none is given."""
        given = VALUES | (values or {})
        return [self.one(name, arn, given[name]) for name in FacetName.of(holder)]


def without(answers: Iterable[Answer], *facets: FacetName) -> list[Answer]:
    """Leave some facets out, as if nobody had asked."""
    return [answer for answer in answers if answer.facet not in facets]


def make_evaluation(
    outcome: Outcome, *, code: str = "MFA001", arn: str = SCOPE.user_pool_arn("p1"), **overrides: Any
) -> Evaluation:
    values: dict[str, Any] = {
        "code": code,
        "severity": Severity.HIGH,
        "outcome": outcome,
        "scope": SCOPE,
        "resource_arn": arn,
        "resource_type": ResourceType.USER_POOL,
        "resource_name": "customers",
    }
    return Evaluation(**{**values, **overrides})


def run(
    writer: Writer,
    answers: Iterable[Answer] = (),
    evaluations: Iterable[Evaluation] = (),
    *,
    at: datetime = NOW,
    scopes: Iterable[Scope] = (SCOPE,),
    codes: Collection[str] = ("MFA001",),
    state: RunState = RunState.COMPLETE,
) -> int:
    """Do a whole run, as the pipeline does."""
    run_id = writer.start_run(
        scopes=scopes, identity_arn="arn:aws:iam::111122223333:role/audit", version="1", at=at
    )
    with writer.transaction():
        writer.publish(run_id, answers)
        writer.record(run_id, evaluations, codes=codes, at=at)
        writer.finish_run(run_id, state, at=at, calls={"cognito-idp:ListUserPools": 1})
    return run_id


@contextmanager
def writing(directory: Path) -> Iterator[Writer]:
    with open_writer(directory, is_demo=False) as writer:
        yield writer
