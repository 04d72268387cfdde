import pytest

from tools.runtime.project import Project


@pytest.fixture
def project(tmp_path):
    """A checkout without anything but an addon of two files."""
    addon = tmp_path / "auto_parts_sales"
    addon.mkdir()
    (addon / "__manifest__.py").write_text("{'depends': ['stock', 'sale']}")
    (addon / "models.py").write_text("x = 1")
    return Project(tmp_path)
