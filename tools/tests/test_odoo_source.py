import pytest

from tools.runtime.console import Problem
from tools.runtime.odoo_source import source_at


def odoo_in(folder, version="19, 0", apps="addons"):
    """Make what can be recognised as Odoo."""
    (folder / "odoo" / "addons").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, FINAL)")
    (folder / apps / "sale").mkdir(parents=True)
    (folder / apps / "sale" / "__manifest__.py").touch()


def test_a_checkout_has_its_apps_beside_the_server(tmp_path):
    odoo_in(tmp_path)
    source = source_at(tmp_path)
    assert source.python_path == tmp_path
    assert source.addons == [tmp_path / "odoo" / "addons", tmp_path / "addons"]


def test_a_debian_tree_has_them_inside(tmp_path):
    packages = tmp_path / "usr/lib/python3/dist-packages"
    odoo_in(packages, apps="odoo/addons")
    (packages / "addons").mkdir()
    source = source_at(tmp_path)
    assert source.python_path == packages
    assert source.addons == [packages / "odoo" / "addons"]


def test_another_version_is_refused(tmp_path):
    odoo_in(tmp_path, version="18, 0")
    with pytest.raises(Problem, match="version 18.0; the addon needs 19.0"):
        source_at(tmp_path)


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Problem, match="No Odoo found"):
        source_at(tmp_path)


def test_a_server_without_apps_is_refused(tmp_path):
    odoo_in(tmp_path)
    (tmp_path / "addons" / "sale" / "__manifest__.py").unlink()
    with pytest.raises(Problem, match="has no apps"):
        source_at(tmp_path)
