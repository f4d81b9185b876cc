"""A clock for every test of this folder, and certificates that nobody outside of the tests trusts."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from .scripted import SkippingClock


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """TLS of a server on 127.0.0.1 and of the platform's name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "api.weixin.qq.com").configure_cert(context)
    return context
