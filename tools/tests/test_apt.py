import subprocess

import pytest

from tools.runtime import apt
from tools.runtime.apt import PrivateApt, mirrors_in, sources_list, unpack
from tools.runtime.console import Problem

PRINTED = """\
'http://other.example/apt/dists/stable/InRelease' a 0
'http://mirror.example/debian/dists/bookworm/InRelease' b 0
'http://mirror.example/debian/dists/bookworm-updates/InRelease' c 0
'http://mirror.example/debian-security/dists/bookworm-security/InRelease' d 0
'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' e 0
"""


def test_debians_mirror_comes_first():
    assert mirrors_in(PRINTED) == [
        "http://mirror.example/debian",
        "http://other.example/apt",
    ]


def test_a_machine_without_mirrors_has_none():
    assert mirrors_in("") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.list", "deb http://mirror.example/debian bookworm main\n"),
        (
            "x.sources",
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\n"
            "Components: main\n",
        ),
    ],
)
def test_both_formats_of_sources_are_read(tmp_path, monkeypatch, name, text):
    if not apt.shutil.which("apt-get"):
        pytest.skip("needs apt-get")
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / name).write_text(text)
    config = tmp_path / "apt.conf"
    config.write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{parts}";\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(config))
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    private.lists.mkdir(parents=True)
    assert private._mirrors() == ["http://mirror.example/debian"]


def test_the_list_names_mirror_and_suites():
    lines = sources_list("http://mirror.example/debian", ["sid", "bookworm"])
    assert [line.split()[-3:] for line in lines.splitlines()] == [
        ["http://mirror.example/debian", "sid", "main"],
        ["http://mirror.example/debian", "bookworm", "main"],
    ]


def test_without_apt_another_way_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    with pytest.raises(Problem, match="apt-get is not on this machine.*ODOO_PATH"):
        private.open([("odoo-19", "sid")])


def test_a_mirror_without_sid_is_named(tmp_path, monkeypatch):
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    monkeypatch.setattr(apt.shutil, "which", lambda name: name)
    monkeypatch.setattr(private, "_mirrors", lambda: ["http://mirror.example/debian"])
    monkeypatch.setattr(private, "_update", lambda: "    E: 404 Not Found")
    monkeypatch.setattr(apt, "output_of", lambda command: "")
    with pytest.raises(
        Problem, match="(?s)odoo-19 of the suite sid.*mirror.example.*404 Not Found"
    ):
        private.open([("odoo-19", "sid"), ("fonts-x", "bookworm")])


def test_the_version_of_the_right_suite_is_taken(tmp_path, monkeypatch):
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    listed = (
        "fonts-x | 6.1 | http://mirror.example/debian sid/main amd64 Packages\n"
        "fonts-x | 4.7 | http://mirror.example/debian bookworm/main amd64 Packages\n"
    )
    monkeypatch.setattr(apt, "output_of", lambda command: listed)
    packages = [("fonts-x", "bookworm"), ("fonts-y", "bookworm")]
    assert private._find_versions(packages) == {("fonts-x", "bookworm"): "4.7"}


def test_an_interrupted_download_says_that_it_goes_on(tmp_path, monkeypatch):
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    for folder in (private.downloads, private.partial):
        folder.mkdir(parents=True)
    private.versions = {("odoo-19", "sid"): "1"}
    monkeypatch.setattr(private, "_size", lambda wanted: 10)
    monkeypatch.setattr(
        "tools.runtime.processes.subprocess.run",
        lambda command, **options: subprocess.CompletedProcess(command, 100),
    )
    with pytest.raises(Problem, match="run the command again, what is whole"):
        private.download([("odoo-19", "sid")])


def test_what_is_left_of_other_versions_is_not_unpacked(tmp_path):
    private = PrivateApt(tmp_path / "apt", tmp_path / "log")
    private.downloads.mkdir(parents=True)
    for name in ("odoo-19_1.0-1_all.deb", "odoo-19_1.0-2_all.deb", "x_2%3a1_all.deb"):
        (private.downloads / name).touch()
    private._discard_others(["odoo-19=1.0-2", "x=2:1"])
    assert sorted(path.name for path in private.downloads.iterdir()) == [
        "odoo-19_1.0-2_all.deb",
        "x_2%3a1_all.deb",
    ]


def test_a_damaged_package_is_fetched_again(tmp_path):
    if not apt.shutil.which("dpkg-deb"):
        pytest.skip("needs dpkg-deb")
    package = tmp_path / "odoo-19_1.0_all.deb"
    package.write_text("damaged")
    with pytest.raises(Problem, match="cannot be unpacked"):
        unpack([package], tmp_path / "odoo", tmp_path / "log")
    assert not package.exists()
