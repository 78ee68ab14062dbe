"""The small platform as a fixture."""

from types import ModuleType

import pytest

from reports.tower.facts import TowerFacts


@pytest.fixture
def tower_facts(facts: ModuleType, tower_module: ModuleType) -> TowerFacts:
    """Two categories, one incident, a week of alerts."""
    made: TowerFacts = tower_module.tower(facts)
    return made
