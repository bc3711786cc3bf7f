"""Packs the shipped content, which lies beside the package, into the wheel as `companion/shipped`.

Everything else about the build stands in pyproject.toml.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CONTENT = ("config.yaml", "playlists", "scripts_guided", "schemas")


class BuildWithContent(build_py):
    """Builds the package, then copies the content into it; an editable install needs no copy."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        here = Path(__file__).parent
        for name in CONTENT:
            found = here / name
            for path in [found] if found.is_file() else sorted(found.rglob("*")):
                inside = path.relative_to(here)
                if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                    target = Path(self.build_lib, "companion", "shipped", inside)
                    self.mkpath(str(target.parent))
                    self.copy_file(str(path), str(target))


setup(cmdclass={"build_py": BuildWithContent})
