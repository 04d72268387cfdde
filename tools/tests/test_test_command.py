from tools.commands.test import resolved


def test_paths_may_be_given_below_the_addon(tmp_path):
    (tmp_path / "auto_parts_sales" / "tests").mkdir(parents=True)
    (tmp_path / "auto_parts_sales" / "tests" / "test_x.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_y.py").touch()

    def seen(argument):
        return resolved(argument, tmp_path)

    assert seen("tests/test_x.py") == "auto_parts_sales/tests/test_x.py"
    assert seen("tests/test_x.py::TestX::test_a").startswith("auto_parts_sales/tests/")
    assert seen("tests/test_y.py") == "tests/test_y.py"
    assert seen("-k") == "-k"
    assert seen("race") == "race"
