import json
import socket

import pytest

from tools.commands.demo import chosen_port, login_table
from tools.runtime.console import Problem


def test_a_taken_port_is_named_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=rf"Port {port} .*make demo PORT=\d+"):
            chosen_port(str(port))
    assert chosen_port(str(port)) == str(port)


@pytest.mark.parametrize("text", ["", "http", "0", "70000", "-1"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(Problem, match="is no port"):
        chosen_port(text)


def test_the_logins_of_the_set_up_are_shown(tmp_path):
    path = tmp_path / "demo_logins.json"
    assert "admin" in login_table(path)
    path.write_text(
        json.dumps([{"role": "warehouse", "login": "wang", "password": "demo"}])
    )
    assert "warehouse  wang   demo" in login_table(path)
    assert "admin" not in login_table(path)
