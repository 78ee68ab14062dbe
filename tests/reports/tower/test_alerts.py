"""Bars of alert volume."""

from reports.tower.alerts import build_alerts


def test_one_bar_a_day_the_last_one_marked(tower_facts, english):
    everything, sales = build_alerts(tower_facts.alerts, 28, english)
    assert (everything.leg, everything.today, everything.live) == ("All legs", 10, 30)
    assert sales.leg == "Sales"
    assert len(everything.bars) == 28
    x, y, height, now = everything.bars[-1]
    assert (x, y, height, now) == ("96.43%", "37.5%", "62.5%", True)  # 10 of 16 at most
    assert everything.bars[0][2] == "0.0%"  # no run on that day
    assert [bar[3] for bar in everything.bars].count(True) == 1


def test_no_alerts(english):
    assert build_alerts([], 28, english) == []
