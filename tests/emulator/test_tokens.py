"""Who may call, and how long."""

import pytest

from .wire import Wire


def code_of_list(wire: Wire) -> int:
    code: int = wire.list(2)["errcode"]
    return code


def test_a_token_says_how_long_it_lives(wire: Wire) -> None:
    told = wire.fetch_token()
    assert (sorted(told), told["expires_in"]) == (["access_token", "expires_in"], 7200)
    assert len(told["access_token"]) <= 512


@pytest.mark.parametrize(
    ("token", "code"), [("", 41001), ("short", 40014), ("x" * 513, 40014), ("a b" * 30, 40014), ("x" * 130, 40001)]
)
def test_what_is_no_token(wire: Wire, token: str, code: int) -> None:
    wire.token = token
    assert code_of_list(wire) == code


def test_a_token_expires(wire: Wire) -> None:
    wire.control("clock", advance="1h59m")
    assert code_of_list(wire) == 0
    wire.control("clock", advance="1m")
    assert code_of_list(wire) == 42001


def test_the_old_token_works_five_minutes_more(wire: Wire) -> None:
    old = wire.token
    wire.fetch_token()
    new, wire.token = wire.token, old
    assert code_of_list(wire) == 0
    wire.control("clock", advance="5m")
    assert code_of_list(wire) == 40001
    wire.token = new
    assert code_of_list(wire) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"appid": None}, 41002),
        ({"appid": "not an appid"}, 40013),
        ({"secret": None}, 41004),
        ({"secret": ""}, 41004),
        ({"grant_type": "password"}, 40002),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/cgi-bin/token"), ("POST", "/cgi-bin/stable_token")])
def test_sign_in_refused(wire: Wire, method: str, path: str, changed: dict[str, str | None], code: int) -> None:
    assert wire.sign_in(method, path, **changed)["errcode"] == code


def test_the_stable_token_stays_until_near_its_end(wire: Wire) -> None:
    first = wire.sign_in("POST", "/cgi-bin/stable_token")
    wire.control("clock", advance="1h")
    again = wire.sign_in("POST", "/cgi-bin/stable_token")
    assert again["access_token"] == first["access_token"]
    assert 3590 <= again["expires_in"] <= 3600
    wire.control("clock", advance="56m")
    newer = wire.sign_in("POST", "/cgi-bin/stable_token")
    assert newer["access_token"] != first["access_token"]
    wire.token = first["access_token"]
    assert code_of_list(wire) == 0, "the old one lives to its end"


def test_the_two_kinds_leave_each_other_alone(wire: Wire) -> None:
    plain = wire.token
    wire.token = wire.sign_in("POST", "/cgi-bin/stable_token")["access_token"]
    wire.sign_in("GET", "/cgi-bin/token")
    assert code_of_list(wire) == 0
    wire.token = plain
    assert code_of_list(wire) == 0


def test_a_forced_refresh_ends_the_old_stable_token(wire: Wire) -> None:
    wire.token = wire.sign_in("POST", "/cgi-bin/stable_token")["access_token"]
    forced = wire.sign_in("POST", "/cgi-bin/stable_token", force_refresh=True)
    assert code_of_list(wire) == 40001
    wire.token = forced["access_token"]
    assert code_of_list(wire) == 0
    assert wire.sign_in("POST", "/cgi-bin/stable_token", force_refresh=True)["errcode"] == 45011


def test_forced_refreshes_are_20_a_day(wire: Wire) -> None:
    wire.moves_to(12)  # for it takes ten minutes
    told = []
    for _ in range(21):
        told.append(wire.sign_in("POST", "/cgi-bin/stable_token", force_refresh=True))
        wire.control("clock", advance="30s")
    assert [one.get("errcode", 0) for one in told] == [0] * 20 + [45009]


def test_a_token_opens_its_own_world_alone(wire: Wire) -> None:
    other = Wire(wire.url, "wxother")
    with other.session:
        other.fetch_token()
        media_id = other.upload()["media_id"]
        assert other.add()["errcode"] == 0
        assert wire.status(51)["goods"] == []
        assert wire.add(coverImgUrl=media_id)["errcode"] == 300006, "another app's upload"


def test_a_ready_token(wire: Wire) -> None:
    wire.token = wire.control("token", appid="wxready")["access_token"]
    wire.appid = "wxready"
    assert wire.add()["errcode"] == 0
    wire.control("clock", advance="2h")
    assert code_of_list(wire) == 42001
