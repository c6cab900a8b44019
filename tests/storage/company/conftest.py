"""A company's database, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from tests.support.builders.company_database import Provider, provider_at


@pytest.fixture(params=["sqlite", "postgresql"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Provider:
    if request.param == "sqlite":
        return provider_at(f"sqlite:///{tmp_path / 'company.db'}", tmp_path)
    server = request.getfixturevalue("server")
    return provider_at(server.url(server.new_database()), tmp_path)


@pytest.fixture
def sqlite_provider(tmp_path: Path) -> Provider:
    return provider_at(f"sqlite:///{tmp_path / 'company.db'}", tmp_path)
