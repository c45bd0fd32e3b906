"""The example of RFC 8291, appendix A: the same keys and salt give the same bytes."""

from cryptography.hazmat.primitives.asymmetric import ec

from realtime.outlets.foreign import seconds_of
from realtime.outlets.sms.sender import fill
from realtime.outlets.web_push.encrypt import encrypt
from tests.browser_keys import b64

BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc() -> None:
    key = int.from_bytes(b64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    made = encrypt(
        b"When I grow up, I want to be a watermelon",
        b64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        b64("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=ec.derive_private_key(key, ec.SECP256R1()),
        salt=b64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert made == b64(BODY)


def test_a_value_stays_one_value_of_its_form() -> None:
    evil = {"phone": '1"&x=2', "text": "a b\n", "id": "7"}
    assert fill('{"to": "{phone}", "t": "{text}"}', evil, "json") == '{"to": "1\\"&x=2", "t": "a b\\n"}'
    assert fill("to={phone}&t={text}", evil, "form") == "to=1%22%26x%3D2&t=a+b%0A"
    assert fill("/s/{phone}?t={text}", evil, "url") == "/s/1%22%26x%3D2?t=a%20b%0A"


def test_how_long_a_server_asks_us_to_wait() -> None:
    assert seconds_of("40") == 40
    assert seconds_of("Fri, 01 Jan 1999 00:00:00 GMT") == 0
    assert seconds_of("soon") == seconds_of("-3") == seconds_of("") == seconds_of("²") == 0
