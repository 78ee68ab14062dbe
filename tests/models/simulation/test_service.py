import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.service import HOUR_SHARES, by_hour, roster_of_day, service_of_day, sessions_wanted


def day(made, backlog=0.0):
    platform = made.simulation.platform
    size = platform.world.size
    return service_of_day(
        platform.parameters.service,
        platform.world,
        "pre_sale",
        np.full(size, 300.0),
        np.full(size, backlog),
        4,
        Streams(1),
    )


def test_parts_stay_below_their_wholes(made):
    service = day(made, backlog=0.3)
    for version in (service.first, service.second, service.final):
        for part, whole in [
            ("sessions_08_23", "sessions"), ("replied_3min_08_23", "sessions_08_23"), ("replied_24h", "first_messages"),
            ("replied_48h", "first_messages"), ("bot_sessions", "sessions"), ("bot_resolved", "bot_sessions"),
            ("human_sessions", "sessions"), ("replied_24h", "replied_48h"),
        ]:  # fmt: skip
            assert (version[part] <= version[whole]).all(), part
    assert (service.first["replied_24h"] <= service.second["replied_24h"]).all()
    assert (service.second["replied_48h"] <= service.final["replied_48h"]).all()


def test_every_chat_ends_with_the_bot_or_with_people(made):
    service = day(made).final
    assert (service["bot_resolved"] + service["human_sessions"] == service["sessions"]).all()


def test_a_backlog_lowers_the_replies_by_its_share(made):
    def rate(service):
        return service.final["replied_24h"].sum() / service.final["first_messages"].sum()

    assert rate(day(made, 0.5)) == pytest.approx(0.5 * rate(day(made)), rel=0.03)


def test_late_parcels_bring_chats(made):
    shape = made.simulation.platform.parameters.service
    one, none = np.array([100]), np.array([0.0])
    calm = sessions_wanted(shape, one, one, none, none)
    late = sessions_wanted(shape, one, one, np.array([20.0]), none)
    assert late["pre_sale"] == calm["pre_sale"]
    assert late["after_sale"] - calm["after_sale"] == pytest.approx(20 * shape.after_sale_per_late)


def test_hours_sum_to_the_day(made):
    service = day(made)
    hours = by_hour(service, "pre_sale", 4, Streams(1))
    assert (hours["sessions"].sum(axis=1) == service.first["sessions"]).all()
    assert (hours["human_sessions"].sum(axis=1) == service.first["human_sessions"]).all()
    assert (hours["human_sessions"] <= hours["sessions"]).all()


def test_small_shops_keep_no_roster_and_large_ones_enough_agents(made):
    shape = made.simulation.platform.parameters.service
    keeps, agents = roster_of_day(shape, np.array([1.0, 400.0]))
    assert keeps.tolist() == [1]
    busiest = int(HOUR_SHARES.argmax())
    assert agents[0, busiest] * shape.chats_per_agent_hour >= 400 * HOUR_SHARES[busiest]
    assert agents[0, 3] == 0
