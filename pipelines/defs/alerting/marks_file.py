"""When something that leaves no row in a table was last done: a small file per subject, written whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from pipelines.workspace import Workspace


class MarksFile:
    """Moments by name, in `<home>/.delivery/<subject>.json`; a file that cannot be read is an empty one."""

    def __init__(self, workspace: Workspace, subject: str) -> None:
        self.path = workspace.home / ".delivery" / f"{subject}.json"

    def read(self) -> dict[str, datetime]:
        """All moments."""
        try:
            values = json.loads(self.path.read_text(encoding="utf-8"))
            return {str(name): datetime.fromisoformat(value) for name, value in values.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def write(self, moments: Mapping[str, datetime]) -> None:
        """Replace the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        draft.write_text(json.dumps({name: moment.isoformat() for name, moment in moments.items()}), encoding="utf-8")
        draft.replace(self.path)
