"""Which platform is simulated: `simulation.yaml`, or a file that changes some of it, with the noise asked for.

The idea: another kind of platform is a short file of differences (`simulation_small_sellers.yaml`), so that it follows
the shipped one in everything it does not name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from models.simulation.noise import NoiseFamily
from models.simulation.parameters import SimulationParameters
from pipelines.workspace import Workspace, shipped
from pipelines.yaml_file import PolicyFileError, line_of, load_yaml, read_yaml
from pipelines.yaml_words import describe, first_of
from pipelines.yaml_yes_no import misread, said

NOISES: tuple[str, ...] = get_args(NoiseFamily)


def load_parameters(workspace: Workspace, wanted: Path | None = None, noise: str | None = None) -> SimulationParameters:
    """Read the parameters of a simulated platform.

    Parameters
    ----------
    wanted
        A YAML file of differences from `policy/simulation.yaml`, or NAME of `policy/simulation_NAME.yaml`.
    noise
        Family of the noise, in place of the file's.

    Raises
    ------
    PolicyFileError
        With file, line and reason of the first mistake.
    ValueError
        When there is no such noise, or no such file.
    """
    if noise is not None and noise not in NOISES:
        raise ValueError(f"no noise is called {noise!r}; known: {', '.join(NOISES)}")
    base = workspace.policy_path("simulation.yaml")
    made = load_yaml(base, SimulationParameters)
    if wanted is not None:
        made = _changed(base, named_file(workspace, wanted, "simulation"))
    if noise is None:
        return made
    return made.model_copy(
        update={
            "demand": made.demand.model_copy(update={"noise": made.demand.noise.model_copy(update={"family": noise})})
        }
    )


def named_file(workspace: Workspace, wanted: Path, kind: str) -> Path:
    """A file that exists, or NAME of `policy/<kind>_NAME.yaml`.

    Raises
    ------
    FileNotFoundError
        When there is neither; the message lists the names.
    """
    if wanted.is_file():
        return wanted
    named = workspace.policy_path(f"{kind}_{wanted.name}.yaml")
    if wanted.name == str(wanted) and named.exists():
        return named
    found = (path.stem.removeprefix(f"{kind}_") for path in shipped("policy").glob(f"{kind}_*.yaml"))
    known = ", ".join(sorted(name for name in found if name != "words"))
    raise FileNotFoundError(
        f"no file {wanted}, and no policy/{kind}_{wanted.name}.yaml; known names: {known or 'none'}"
    )


def _changed(base: Path, path: Path) -> SimulationParameters:
    values, node = read_yaml(path)
    merged = _merged(read_yaml(base)[0], values or {})
    try:
        made = SimulationParameters.model_validate(merged)
    except ValidationError as error:
        line = line_of(node, first_of(error)["loc"]) or 1
        raise PolicyFileError(path, line, describe(error, SimulationParameters)) from None
    for place, value in misread(merged, made):
        raise PolicyFileError(path, line_of(node, place), f"{'.'.join(map(str, place))}: {said(value)}")
    return made


def _merged(base: Any, changes: Any) -> Any:
    """Mappings are merged key by key; anything else is replaced."""
    if isinstance(base, dict) and isinstance(changes, dict):
        return {**base, **{key: _merged(base.get(key), value) for key, value in changes.items()}}
    return changes
