"""What a snapshot shows of a facet: this run's reading, or its gap with the last good reading beside it."""

import dataclasses
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records.app_client import AppClient
from records.facet import Facet, FacetName, Gap, Holder, Reason
from records.identity_pool import IdentityPool
from records.resource import Member, Scope
from records.run import RunState
from records.snapshot import Snapshot
from records.user_pool import UserPool
from store import check, open_reader
from tests.builders import (
    NOW,
    SCOPE,
    make_app_client,
    make_identity_pool,
    make_identity_pool_roles,
    make_mfa_configuration,
    make_risk_configuration,
    make_user_pool,
)
from tests.store.facet_values import DOMAIN, IDENTITY_PROVIDER, ROLE, VALUES
from tests.store.store_builders import DENIED, LAST, LATER, Answers, run, without, writing

POOL = make_user_pool(user_pool_id="p1", name="shop")
POOL_ARN = SCOPE.user_pool_arn("p1")
CLIENT = make_app_client(client_id="c1", user_pool_id="p1", name="web")
IDENTITY_POOL = make_identity_pool(identity_pool_id="i1", name="guests")
OFF = Gap(operation="cognito-idp:ListUserPools", reason=Reason.REGION_OFF, message="region is not enabled")
WHOLE = [(POOL, [CLIENT])]


def load(directory: Path) -> Snapshot:
    with open_reader(directory) as reader:
        return reader.snapshot()


def test_whole_run_is_all_readings(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE, [IDENTITY_POOL]))
    (region,) = load(tmp_path).regions
    (pool,) = region.user_pools
    (client,) = pool.clients
    (identity_pool,) = region.identity_pools
    assert (region.scope, region.run_id, region.collected_at, region.is_off) == (SCOPE, 1, NOW, False)
    assert all(facet.gap is None for *_, facet in load(tmp_path).facets)
    assert set(region.facets) == set(FacetName.of(Holder.REGION))
    assert region.user_pool_list == Facet.read((Member(id="p1", name="shop"),), NOW)
    assert region.trails == Facet.read(VALUES[FacetName.TRAILS], NOW)
    assert (pool.arn, pool.scope, pool.member) == (POOL_ARN, SCOPE, Member(id="p1", name="shop"))
    assert pool.settings == Facet.read(POOL, NOW)
    assert pool.mfa == Facet.read(make_mfa_configuration(), NOW)
    assert pool.risk == Facet.read(make_risk_configuration(), NOW)
    assert pool.app_clients == (CLIENT,)
    assert (client.arn, client.member) == (f"{POOL_ARN}/client/c1", Member(id="c1", name="web"))
    assert client.secrets == Facet.read(VALUES[FacetName.CLIENT_SECRETS], NOW)
    (domain,) = pool.domains
    assert (domain.arn, domain.member) == (f"{POOL_ARN}/domain/customers", Member("customers", "customers"))
    assert domain.settings == Facet.read(DOMAIN, NOW)
    assert identity_pool.settings == Facet.read(IDENTITY_POOL, NOW)
    assert identity_pool.roles == Facet.read(make_identity_pool_roles(), NOW)


def test_identity_providers_stand_by_name_and_outlast_a_gap_in_their_list(tmp_path: Path) -> None:
    answers = [*Answers().region(WHOLE), *Answers().user_pool(POOL, [CLIENT], ["okta", "adfs"])]
    with writing(tmp_path) as writer:
        run(writer, answers)
        (pool,) = writer.snapshot(1).user_pools
        assert [each.member.id for each in pool.identity_providers] == ["adfs", "okta"]
        assert pool.identity_providers[1].settings == Facet.read(IDENTITY_PROVIDER, NOW)
        unread = without(Answers(LATER).region(WHOLE), FacetName.IDENTITY_PROVIDERS)
        run(writer, [*unread, Answers(LATER).one(FacetName.IDENTITY_PROVIDERS, POOL_ARN, DENIED)])
    (pool,) = load(tmp_path).user_pools
    assert [each.settings for each in pool.identity_providers] == [
        Facet.missing(DENIED, Facet.read(IDENTITY_PROVIDER, NOW).last_good)
    ] * 2


def test_domains_are_those_of_the_last_good_settings(tmp_path: Path) -> None:
    pool = make_user_pool(user_pool_id="p1", name="shop", domain=None, custom_domain="auth.example.com")
    unread = without(Answers(LATER).region([(pool, [])]), FacetName.USER_POOL, FacetName.DOMAIN)
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(pool, [])]))
        run(writer, [*unread, Answers(LATER).one(FacetName.USER_POOL, POOL_ARN, DENIED)])
    (shown,) = load(tmp_path).user_pools
    (domain,) = shown.domains
    assert domain.member.id == "auth.example.com"
    assert domain.settings == Facet.missing(DENIED, Facet.read(DOMAIN, NOW).last_good)


def test_references_are_what_this_run_asked_for(tmp_path: Path) -> None:
    kept, left, denied, gone = (f"arn:aws:iam::111122223333:role/{number}" for number in range(4))
    later = Answers(LATER)
    with writing(tmp_path) as writer:
        answers = [Answers().one(FacetName.ROLE, arn, ROLE) for arn in (kept, left, denied, gone)]
        run(writer, [*Answers().region(WHOLE), *answers])
        answers = [
            later.one(FacetName.ROLE, kept, ROLE),
            later.one(FacetName.ROLE, denied, DENIED),
            later.one(FacetName.ROLE, gone, None),
            later.one(FacetName.SMS_ACCOUNT, SCOPE.sms_account_arn, DENIED),
        ]
        run(writer, [*later.region(WHOLE), *answers])
    (region,) = load(tmp_path).regions
    assert region.references == {
        (FacetName.ROLE, kept): Facet.read(ROLE, LATER),
        (FacetName.ROLE, denied): Facet.missing(DENIED, Facet.read(ROLE, NOW).last_good),
        (FacetName.ROLE, gone): Facet.read(None, LATER),
        (FacetName.SMS_ACCOUNT, SCOPE.sms_account_arn): Facet.missing(DENIED),
    }
    assert region.role(left).gap is not None


def test_region_without_pools_has_no_surroundings_to_read(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region())
    (region,) = load(tmp_path).regions
    assert set(region.facets) == {FacetName.USER_POOLS, FacetName.IDENTITY_POOLS}
    assert all(facet.gap is None for *_, facet in load(tmp_path).facets)


@pytest.mark.parametrize("identity_pools", [[], [IDENTITY_POOL]])
def test_surroundings_that_nobody_asked_for_are_gaps_where_there_is_any_pool(
    tmp_path: Path, identity_pools: list[IdentityPool]
) -> None:
    answers = Answers().region([] if identity_pools else WHOLE, identity_pools)
    with writing(tmp_path) as writer:
        run(writer, without(answers, FacetName.TRAILS, FacetName.ALARMS))
    (region,) = load(tmp_path).regions
    assert set(region.facets) == set(FacetName.of(Holder.REGION))
    unread = {name: facet.gap.message for name, facet in region.facets.items() if facet.gap}
    assert unread == dict.fromkeys((FacetName.TRAILS, FacetName.ALARMS), "was not read in this run")


def test_region_whose_lists_the_owner_does_without_is_not_off(tmp_path: Path) -> None:
    accepted = dataclasses.replace(DENIED, accepted="another team's")
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
        lists = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
        run(writer, [Answers(LATER).one(name, SCOPE.facet_arn(name), accepted) for name in lists])
    (region,) = load(tmp_path).regions
    assert not region.is_off
    assert [pool.settings.gap for pool in region.user_pools] == [accepted]
    assert region.trails.gap == accepted


def test_empty_store_shows_nothing(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW)
    assert load(tmp_path) == Snapshot(regions=())


def test_gap_stands_before_the_last_good_reading(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
        answers = without(Answers(LATER).region(WHOLE), FacetName.MFA_CONFIGURATION)
        run(writer, [*answers, Answers(LATER).one(FacetName.MFA_CONFIGURATION, POOL_ARN, DENIED)], at=LATER)
    (pool,) = load(tmp_path).user_pools
    good = Facet.read(make_mfa_configuration(), NOW).last_good
    assert pool.mfa == Facet.missing(DENIED, good)
    assert pool.settings == Facet.read(POOL, LATER)


def test_gap_without_any_earlier_reading_stands_alone(tmp_path: Path) -> None:
    answers = without(Answers().region(WHOLE), FacetName.APP_CLIENTS, FacetName.APP_CLIENT)
    with writing(tmp_path) as writer:
        run(writer, [*answers, Answers().one(FacetName.APP_CLIENTS, POOL_ARN, DENIED)])
    (pool,) = load(tmp_path).user_pools
    assert (pool.client_list, pool.clients) == (Facet.missing(DENIED), ())


def test_list_that_was_not_read_still_shows_its_last_members(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE, [IDENTITY_POOL]))
        later = Answers(LATER)
        run(
            writer,
            [
                later.one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), DENIED),
                later.one(FacetName.IDENTITY_POOLS, SCOPE.identity_pool_arn("*"), DENIED),
            ],
        )
    (region,) = load(tmp_path).regions
    (pool,) = region.user_pools
    (identity_pool,) = region.identity_pools
    facets: list[Facet[Any]] = [
        region.user_pool_list,
        pool.settings,
        pool.mfa,
        pool.risk,
        pool.client_list,
        pool.clients[0].settings,
        region.identity_pool_list,
        identity_pool.settings,
        identity_pool.roles,
    ]
    assert all(facet.gap == DENIED for facet in facets)
    assert all(facet.last_good is not None and facet.last_good.at == NOW for facet in facets)


def test_app_clients_survive_a_gap_in_their_own_list(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
        answers = without(Answers(LATER).region(WHOLE), FacetName.APP_CLIENTS, FacetName.APP_CLIENT)
        run(writer, [*answers, Answers(LATER).one(FacetName.APP_CLIENTS, POOL_ARN, DENIED)])
    (pool,) = load(tmp_path).user_pools
    assert pool.settings.gap is None
    assert pool.clients[0].settings == Facet.missing(DENIED, Facet.read(CLIENT, NOW).last_good)


def test_member_without_answer_or_gap_was_not_read(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
        run(writer, without(Answers(LATER).region(WHOLE), FacetName.RISK_CONFIGURATION), at=LATER)
    (pool,) = load(tmp_path).user_pools
    assert pool.risk.gap == Gap(
        operation="cognito-idp:DescribeRiskConfiguration",
        reason=Reason.UNAVAILABLE,
        message="was not read in this run",
    )
    assert pool.risk.last_good is not None


def test_region_that_is_switched_off_holds_nothing(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE, [IDENTITY_POOL]))
        later = Answers(LATER)
        run(
            writer,
            [
                later.one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), OFF),
                later.one(FacetName.IDENTITY_POOLS, SCOPE.identity_pool_arn("*"), OFF),
            ],
        )
    (region,) = load(tmp_path).regions
    assert (region.is_off, region.user_pools, region.identity_pools) == (True, (), ())


def test_each_scope_is_shown_by_its_own_newest_run_with_data(tmp_path: Path) -> None:
    virginia = Scope("111122223333", "us-east-1")
    first = Scope("000011112222", "us-east-1")
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE) + Answers(scope=virginia).region(), scopes=[virginia, SCOPE])
        run(writer, Answers(LATER, first).region(), scopes=[first], at=LATER, state=RunState.PARTIAL)
        run(writer, Answers(LATER, virginia).region(), scopes=[virginia], at=LATER)
        failed = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=LAST)
        writer.finish_run(failed, RunState.FAILED, at=LAST, calls={})
    shown = [(region.scope, region.run_id, region.collected_at) for region in load(tmp_path).regions]
    assert shown == [(first, 2, LATER), (SCOPE, 1, NOW), (virginia, 3, LATER)]


def test_writer_sees_its_own_run_before_it_ends_and_readers_do_not(tmp_path: Path) -> None:
    virginia = Scope("111122223333", "us-east-1")
    with writing(tmp_path) as writer, open_reader(tmp_path) as reader:
        run(writer, Answers(scope=virginia).region(), scopes=[virginia])
        run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=LATER)
        with writer.transaction():
            writer.publish(run_id, Answers(LATER).region(WHOLE))
            seen = writer.snapshot(run_id)
            assert [region.run_id for region in reader.snapshot().regions] == [1]
            writer.finish_run(run_id, RunState.COMPLETE, at=LATER, calls={})
        assert [region.run_id for region in seen.regions] == [2, 1]
        assert reader.snapshot() == seen


def test_user_pools_stand_by_name(tmp_path: Path) -> None:
    pools: list[tuple[UserPool, list[AppClient]]] = [
        (make_user_pool(user_pool_id=pool_id, name=name), [])
        for pool_id, name in (("p1", "b"), ("p3", "a"), ("p2", "a"))
    ]
    with writing(tmp_path) as writer:
        run(writer, Answers().region(pools))
    assert [pool.member.id for pool in load(tmp_path).user_pools] == ["p2", "p3", "p1"]


@pytest.mark.parametrize("facet", [FacetName.USER_POOL, FacetName.MFA_CONFIGURATION, FacetName.USER_POOLS])
def test_body_of_an_older_record_is_a_gap_and_no_crash(tmp_path: Path, facet: FacetName) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
    _forget_a_member(tmp_path, facet)
    (region,) = load(tmp_path).regions
    shown: dict[FacetName, Facet[Any]] = {FacetName.USER_POOLS: region.user_pool_list}
    for pool in region.user_pools:
        shown |= {FacetName.USER_POOL: pool.settings, FacetName.MFA_CONFIGURATION: pool.mfa}
    gap = shown[facet].gap
    assert gap is not None
    assert (gap.reason, shown[facet].last_good) == (Reason.MALFORMED, None)
    assert "collect again" in gap.message
    assert sum(each.gap is not None for each in shown.values()) == 1
    assert any("older Poolwatch" in problem for problem in check(tmp_path))


def test_collecting_again_mends_an_older_record(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(WHOLE))
    _forget_a_member(tmp_path, FacetName.MFA_CONFIGURATION)
    with writing(tmp_path) as writer:
        run(writer, Answers(LATER).region(WHOLE))
    (pool,) = load(tmp_path).user_pools
    assert pool.mfa == Facet.read(make_mfa_configuration(), LATER)


def _forget_a_member(directory: Path, facet: FacetName) -> None:
    """Store a facet's body as if its record had gained `name` or `mode` since."""
    with closing(sqlite3.connect(directory / "state.sqlite")) as connection, connection:
        (digest, body) = connection.execute(
            "SELECT digest, body FROM versions JOIN contents USING (digest) WHERE facet = ?", (facet.value,)
        ).fetchone()
        content = msgspec.json.decode(body)
        for record in content if isinstance(content, list) else [content]:
            record.pop("mode", None)
            record.pop("name", None)
        older = msgspec.json.encode(content)
        older_digest = hashlib.sha256(older).digest()
        connection.execute("INSERT INTO contents (digest, body) VALUES (?, ?)", (older_digest, older))
        connection.execute("UPDATE versions SET digest = ? WHERE digest = ?", (older_digest, digest))
