"""The address of a client cannot be chosen by the client."""

import pytest
from django.test import RequestFactory

from thucchat.web.shared.addresses import client_address


@pytest.mark.parametrize(
    ("is_behind", "forwarded", "address"),
    [
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "192.0.2.1"),
        (False, "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_proxys_word_counts_and_only_behind_a_proxy(settings, is_behind, forwarded, address):
    settings.BEHIND_TLS = is_behind

    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")

    assert client_address(request) == address
