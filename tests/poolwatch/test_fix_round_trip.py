"""Each remedy's call, as `poolwatch fix` prints it, made on the emulator: it closes its finding alone."""

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from collectors.clients import AccountTarget
from collectors.present_settings import SOURCES, collect_present_settings
from demo import child, company
from demo.clients import aws_client
from demo.company_data.specs import ACCOUNT, EUROPE
from poolwatch.pipeline import collect
from poolwatch.posture import Posture, read_posture
from records.evaluation import Outcome
from records.resource import Resource, ResourceType
from rules.baselines import FSBP
from rules.remedies import remedies
from tests.command_line import run
from tests.poolwatch import planted

CODES = sorted(code for code, remedy in remedies().items() if remedy.changes)
EVERY_RULE = replace(FSBP, switched_off=frozenset())
# Rules whose findings cannot be judged on one resource, so that their call is withheld.
WIDER = {"SGN005"}
# What a call uncovers: a rule that did not apply as long as the setting was off.
UNCOVERED = {
    "THR001": {"RSK001", "RSK002"},
    # A role that does not ask for a sign-in weighs less without guests or the classic flow, and stays wrong.
    "IDP001": {"ROL004"},
    "IDP002": {"ROL003"},
}
# What its call takes away, AWS does not take back.
DEAD_SCOPE_CODE = "TOK002"
# What one operation and resource has as its complete input.
Key = tuple[str, str]
State = dict[Key, Any]


@dataclass
class Trip:
    """What came of one remedy: its plan, and what its call did."""

    plan: dict[str, Any]
    is_closed: bool = False
    opened: list[tuple[str, str]] = field(default_factory=list)
    spoiled: list[Key] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        return {(call["operation"], self.plan["resource_arn"]) for call in self.plan["calls"]}


class Estate:
    """The demo's production account with planted user pools, and its settings as they were collected."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._number = 0
        planted.plant(aws_client("cognito-idp", url, EUROPE))
        self.store = folder / "store"
        self.posture = self.collect(self.store)
        self.settings = self.state()

    def collect(self, store: Path) -> Posture:
        collect([AccountTarget()], store=store, regions=company.REGIONS, rate_share=None)
        return read_posture(store, baseline=EVERY_RULE)

    def posture_now(self) -> Posture:
        self._number += 1
        return self.collect(self._folder / f"after-{self._number}")

    def state(self, pools: Collection[str] | None = None) -> State:
        """Return the complete inputs of all operations, or of those on some pools and what is theirs."""
        found: State = {}
        for pool in self.posture.snapshot.user_pools:
            if pools is not None and pool.arn not in pools:
                continue
            resources = [pool.arn, *(client.arn for client in pool.clients)]
            for arn in resources:
                is_pool = arn == pool.arn
                own = ("UpdateUserPool", "SetUserPoolMfaConfig") if is_pool else ("UpdateUserPoolClient",)
                for operation in (*own, "SetRiskConfiguration"):
                    found[operation, arn] = self._present(operation, arn)
        for region in self.posture.snapshot.regions:
            for identity_pool in region.identity_pools:
                if pools is not None and identity_pool.arn not in pools:
                    continue
                key = ("UpdateIdentityPool", identity_pool.arn)
                found[key] = self._present(*key)
        return found

    def apply(self, operation: str, arn: str, parameters: Mapping[str, Any]) -> None:
        service = SOURCES[operation].call.partition(":")[0]
        client = aws_client(service, self._url, Resource.of_arn(arn).scope.region)
        getattr(client, xform_name(operation))(**parameters)

    def restore(self, trip: Trip) -> None:
        for call in trip.plan["calls"]:
            key = (call["operation"], trip.plan["resource_arn"])
            if trip.plan["code"] == DEAD_SCOPE_CODE:
                self.settings[key] = call["parameters"]
            else:
                self.apply(*key, self.settings[key])

    def _present(self, operation: str, arn: str) -> Any:
        resource = Resource.of_arn(arn)
        if resource.type is ResourceType.IDENTITY_POOL:
            ids = {"IdentityPoolId": resource.pool_id}
        else:
            ids = {"UserPoolId": resource.pool_id} | ({"ClientId": resource.part} if resource.part else {})
        service = SOURCES[operation].call.partition(":")[0]
        client = aws_client(service, self._url, resource.scope.region)
        try:
            return collect_present_settings(client, operation, ids).parameters
        except ClientError:
            # Threat protection is off, so there is nothing to set.
            return None


def failures(posture: Posture) -> set[tuple[str, str]]:
    return {(each.evaluation.code, each.evaluation.resource_arn) for each in posture.having(Outcome.FAIL)}


def planned(estate: Estate) -> dict[str, Trip]:
    """Return a plan with a call for each remedy, on the resource that has the fewest yet."""
    trips: dict[str, Trip] = {}
    used: Counter[str] = Counter()
    failing: dict[str, list[str]] = {}
    for each in estate.posture.having(Outcome.FAIL):
        evaluation = each.evaluation
        # No other call can be made on it.
        if each.rule.code == DEAD_SCOPE_CODE or evaluation.resource_name != planted.DEAD_SCOPE:
            failing.setdefault(evaluation.code, []).append(evaluation.resource_arn)
    for code in CODES:
        for arn in sorted(failing.get(code, ()), key=lambda each: used[each]):
            options = ("--rate-share", "off", "--format", "json", "--store", estate.store)
            document = json.loads(run("fix", code, arn, *options).stdout)
            if document["status"] == "call":
                trips[code] = Trip(document)
                used[arn] += 1
                break
    return trips


def rounds(trips: Mapping[str, Trip]) -> Iterator[list[Trip]]:
    """Yield the trips in groups whose calls replace different settings, so that they can be made at once."""
    left = list(trips.values())
    while left:
        taken: set[Key] = set()
        group = []
        for trip in left:
            pool = Resource.of_arn(trip.plan["resource_arn"]).pool_arn
            # A user pool's two ways to set MFA touch each other.
            keys = {(operation, arn) for operation, arn in trip.keys} | {
                ("MFA", pool) for operation, _ in trip.keys if operation != "UpdateUserPoolClient"
            }
            if not keys & taken:
                taken |= keys
                group.append(trip)
        left = [trip for trip in left if trip not in group]
        yield group


def travel(estate: Estate, group: list[Trip]) -> None:
    before, expected = failures(estate.posture), dict(estate.settings)
    for trip in group:
        for call in trip.plan["calls"]:
            arn = trip.plan["resource_arn"]
            estate.apply(call["operation"], arn, call["parameters"])
            expected[call["operation"], arn] = call["parameters"]
            if call["operation"] == "SetUserPoolMfaConfig":
                settings = expected["UpdateUserPool", arn]
                mode = call["parameters"]["MfaConfiguration"]
                expected["UpdateUserPool", arn] = {**settings, "MfaConfiguration": mode}
    pools = {Resource.of_arn(trip.plan["resource_arn"]).pool_arn for trip in group}
    after, now = failures(estate.posture_now()), estate.state(pools)
    for trip in group:
        pool = Resource.of_arn(trip.plan["resource_arn"]).pool_arn
        trip.is_closed = (trip.plan["code"], trip.plan["resource_arn"]) not in after
        trip.opened = sorted(each for each in after - before if each[1].startswith(pool))
        trip.spoiled = [key for key in now if key[1].startswith(pool) and not same(now[key], expected[key])]
    for trip in group:
        estate.restore(trip)


def same(one: Any, other: Any) -> bool:
    """Whether two inputs are equal; an app client without a risk configuration of its own has ids alone."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Trip]]:
    folder = tmp_path_factory.mktemp("estate")
    with pytest.MonkeyPatch.context() as patch, child.spawn(seed="company") as account:
        for name in [name for name in os.environ if name.startswith(("AWS_", "POOLWATCH_"))]:
            patch.delenv(name)
        for name, value in {
            "AWS_ENDPOINT_URL": account.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "POOLWATCH_CONFIG": "",
        }.items():
            patch.setenv(name, value)
        estate = Estate(account.url, folder)
        found = planned(estate)
        for group in rounds(found):
            travel(estate, group)
        yield found


@pytest.mark.parametrize("code", [code for code in CODES if code not in WIDER])
def test_the_printed_call_closes_its_finding_and_changes_nothing_else(
    trips: Mapping[str, Trip], code: str
) -> None:
    trip = trips[code]
    assert trip.plan["resource_arn"].split(":")[4] == ACCOUNT
    assert trip.is_closed
    assert trip.spoiled == []
    assert [each for each in trip.opened if each[0] not in UNCOVERED.get(code, ())] == []


def test_a_rule_that_looks_at_other_pools_has_no_call(trips: Mapping[str, Trip]) -> None:
    assert WIDER.isdisjoint(trips)


def test_every_other_remedy_with_a_call_makes_a_round_trip(trips: Mapping[str, Trip]) -> None:
    assert set(CODES) - trips.keys() == WIDER
