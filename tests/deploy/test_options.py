"""What `make up` refuses before it touches anything, and in which words."""

import pytest

from deploy.setup import options, ports
from deploy.setup.options import Options
from deploy.setup.say import RefusedError


def test_defaults_serve_this_machine_only():
    assert options.read({}) == Options()
    assert options.read({}).bind == "127.0.0.1"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PORT": "0"}, "PORT=0 is not a port"),
        ({"PORT": "70000"}, "PORT=70000 is not a port"),
        ({"PORT": "８０００"}, "is not a port"),
        ({"BIND": "0.0.0.0"}, "add TLS=1"),
        ({"BIND": "10.0.0.5"}, "in the clear"),
        ({"BIND": "everywhere"}, "is not an IP address"),
        ({"INSTANCE": "../etc"}, "cannot name a folder"),
        ({"SPEED": "21"}, "SPEED=21 is not a rate"),
        ({"SPEED": "0"}, "whole number from 1 to 20"),
        ({"SPEED": "1.5"}, "SPEED=1.5 is not"),
        ({"SPEED": "²"}, "is not a rate"),
        ({"SPEED": "20", "DEMO": "0"}, "SPEED=20 is for the demo"),
        ({"NIGHT": "noisy"}, "NIGHT=noisy is no night .* friday, quiet, storm"),
        ({"NIGHT": "quiet", "DEMO": "0"}, "NIGHT=quiet is for the demo"),
        ({"SIM": "some"}, "neither yes nor no"),
        ({"TLS": "maybe"}, "neither yes nor no"),
        ({"DATABASE_URL": "mysql://u:secret@h/n"}, "must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://u:secret@h:99999/n"}, "not a number between"),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(environ, sentence):
    with pytest.raises(RefusedError, match=sentence) as refused:
        options.read(environ)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_open_address_is_taken_with_tls():
    read = options.read({"BIND": "0.0.0.0", "TLS": "1", "HOSTS": "desk.example, 10.1.2.3"})
    assert (read.scheme, read.hosts) == ("https", ("desk.example", "10.1.2.3"))


def test_database_url_with_a_socket_folder_and_odd_signs():
    parts = options.split_database_url("postgresql://me%40x:p%2Fw@/city?host=/run/pg")
    assert parts == {"host": "/run/pg", "port": "", "name": "city", "user": "me@x", "password": "p/w"}


def test_a_busy_port_is_named_with_its_holder_and_a_port_that_works(busy_port):
    with pytest.raises(RefusedError) as refused:
        ports.require_free("127.0.0.1", busy_port, as_root=False)
    text = str(refused.value)
    assert f"Port {busy_port} is taken by " in text
    offered = int(text.rstrip(".").rsplit("PORT=", 1)[1])
    assert offered != busy_port
    assert ports.problem("127.0.0.1", offered) == ""


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(RefusedError, match=r"has no address 203\.0\.113\.7"):
        ports.require_free("203.0.113.7", 8000, as_root=False)
