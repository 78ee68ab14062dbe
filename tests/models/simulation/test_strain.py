from models.simulation.parameters import SimulationParameters
from models.simulation.strain import Strain
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml


def test_an_older_file_without_the_section_has_the_shipped_answers(tmp_path):
    path = shipped("policy") / "simulation.yaml"
    text = path.read_text()
    older = tmp_path / "simulation.yaml"
    start = text.index("# How the links of the chain answer")
    older.write_text(text[:start] + text[text.index("categories:\n") :])
    assert load_yaml(older, SimulationParameters).strain == load_yaml(path, SimulationParameters).strain == Strain()
