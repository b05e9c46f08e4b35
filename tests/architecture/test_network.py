"""No test reaches another machine, not even for a name."""

import socket

import pytest


def test_sockets_reach_this_machine_only():
    with pytest.raises(Exception, match=r"A test tried to use socket.socket.connect"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_listener_on_this_machine_is_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname(), timeout=1) as line,
    ):
        assert line.getpeername() == listener.getsockname()


@pytest.mark.parametrize("name", ["sandbox.invalid", "api.example", "api.test"])
def test_reserved_names_do_not_exist(name):
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(name, 443)


def test_other_names_are_not_looked_up():
    with pytest.raises(pytest.fail.Exception, match=r"tried to look up 'www\.example\.com'"):
        socket.getaddrinfo("www.example.com", 443)


def test_a_name_that_cannot_be_one_is_refused_as_ever():
    with pytest.raises(UnicodeError):
        socket.getaddrinfo("a" * 64 + ".example", 443)
