"""The ALLO_… variables: their defaults, and one French sentence for each mistake."""

import os
import re

import pytest

from gateway.settings import SETTINGS_TABLE, Settings, SettingsError


def test_everything_has_a_working_default() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.rate_limit) == ("127.0.0.1", 8080, 60)
    assert settings.database_url == f"sqlite:///{settings.var}/app.db"
    assert settings.allowed_origins == frozenset()
    assert settings.var.is_absolute()
    assert settings.models.is_absolute()


def test_an_empty_value_is_the_default() -> None:
    assert Settings.from_env({"ALLO_PORT": " ", "ALLO_DATABASE_URL": ""}) == Settings.from_env({})


def test_values_are_read() -> None:
    settings = Settings.from_env(
        {
            "ALLO_HOST": "::1",
            "ALLO_PORT": "0",
            "ALLO_DATABASE_URL": "postgresql+psycopg2://u:p@db/allo",
            "ALLO_ALLOWED_ORIGINS": "https://www.Ville.fr/, http://localhost:8000",
            "ALLO_RETENTION_DAYS": "7",
            "ALLO_TURN_TIMEOUT": "2.5",
        }
    )
    assert settings.allowed_origins == {"https://www.ville.fr", "http://localhost:8000"}
    assert (settings.host, settings.port, settings.retention_days) == ("::1", 0, 7)
    assert settings.turn_timeout == 2.5
    assert settings.database_url.startswith("postgresql")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLO_HOST", "http://ici"),
        ("ALLO_HOST", "deux mots"),
        ("ALLO_PORT", "abc"),
        ("ALLO_PORT", "65536"),
        ("ALLO_PORT", "-1"),
        ("ALLO_PORT", "٣"),
        ("ALLO_VAR", "a\0b"),
        ("ALLO_DATABASE_URL", "app.db"),
        ("ALLO_DATABASE_URL", "mysql://u:motdepasse@h/b"),
        ("ALLO_DATABASE_URL", "sqlite://"),
        ("ALLO_RATE_LIMIT", "1.5"),
        ("ALLO_RATE_LIMIT", "-3"),
        ("ALLO_ALLOWED_ORIGINS", "*"),
        ("ALLO_ALLOWED_ORIGINS", "https://ville.fr/page"),
        ("ALLO_ALLOWED_ORIGINS", "ville.fr"),
        ("ALLO_ALLOWED_ORIGINS", "https://u:p@ville.fr"),
        ("ALLO_RETENTION_DAYS", "0"),
        ("ALLO_REQUEST_RETENTION_DAYS", "0"),
        ("ALLO_SMTP_URL", "http://u:motdepasse@courrier.example"),
        ("ALLO_SMTP_TO", "le service"),
        ("ALLO_PUBLIC_URL", "https://aide.ville.example/chemin"),
        ("ALLO_LOG_FORMAT", "xml"),
        ("ALLO_MODELS", "a\0b"),
        ("ALLO_PROJECT", "a\0b"),
        ("ALLO_KEEP_RELEASES", "0"),
        ("ALLO_REST_CHANNEL", "oui"),
        ("ALLO_WORKERS", "0"),
        ("ALLO_WORKER_COPIES", "65"),
        ("ALLO_TRUSTED_PROXIES", "proxy.example"),
        ("ALLO_REDIS_URL", "http://:motdepasse@h:6379"),
        ("ALLO_CONVERSATION_PAUSE", "longtemps"),
        ("ALLO_CONVERSATION_PAUSE", "3601"),
        ("ALLO_TURN_TIMEOUT", "0"),
        ("ALLO_TURN_TIMEOUT", "nan"),
        ("ALLO_TURN_TIMEOUT", "301"),
    ],
)
def test_a_wrong_value_is_refused_with_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} : ")
    assert re.search(r"écrivez .*\.$", sentence)
    assert "\n" not in sentence
    assert "motdepasse@h" not in sentence


def test_every_setting_has_a_refused_value_above() -> None:
    marker = test_a_wrong_value_is_refused_with_one_sentence.pytestmark[0]  # type: ignore[attr-defined]
    assert {name for name, _ in marker.args[1]} == {setting.name for setting in SETTINGS_TABLE}


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"« ALLO_PROT » n’existe pas \(vouliez-vous dire « ALLO_PORT » \?\)\.$"):
        Settings.from_env({"ALLO_PROT": "1"})
    with pytest.raises(SettingsError, match=r"« ALLO_ZZZZZZZZZZZ » n’existe pas\.$"):
        Settings.from_env({"ALLO_ZZZZZZZZZZZ": "1"})


def test_variables_of_other_programs_and_of_our_own_processes_are_left_alone() -> None:
    Settings.from_env({"PATH": "/bin", "ALLOW": "1", "ALLO_WORKER_TOKEN": "x", "ALLO_CONTENT": "y"})


def test_the_table_tells_every_field_once() -> None:
    assert [setting.field for setting in SETTINGS_TABLE] == list(Settings.__dataclass_fields__)
    assert all(setting.meaning.endswith(".") for setting in SETTINGS_TABLE)


def test_emails_need_somebody_to_receive_them() -> None:
    with pytest.raises(SettingsError, match="ALLO_SMTP_TO"):
        Settings.from_env({"ALLO_SMTP_URL": "smtp://courrier.example"})


def test_the_public_address_is_the_one_it_listens_on_unless_told() -> None:
    assert Settings.from_env({"ALLO_PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    assert Settings.from_env({"ALLO_PUBLIC_URL": "https://aide.ville.example/"}).public_url == "https://aide.ville.example"


def test_gateways_that_share_redis_share_a_database() -> None:
    with pytest.raises(SettingsError, match="PostgreSQL"):
        Settings.from_env({"ALLO_REDIS_URL": "redis://r"})
    shared = {"ALLO_REDIS_URL": "redis://r", "ALLO_DATABASE_URL": "postgresql://u:p@h/b"}
    assert Settings.from_env(shared).conversation_pause == 300
    assert Settings.from_env(shared | {"ALLO_CONVERSATION_PAUSE": "20"}).conversation_pause == 20
    assert Settings.from_env({}).conversation_pause == 0


@pytest.mark.parametrize(
    ("environ", "copies"),
    [
        pytest.param({}, min(2, len(os.sched_getaffinity(0))), id="one-a-core-two-at-most"),
        pytest.param({"ALLO_WORKERS": "3"}, 1, id="several-workers"),
        pytest.param({"ALLO_WORKERS": "3", "ALLO_WORKER_COPIES": "4"}, 4, id="as-told"),
    ],
)
def test_a_worker_has_copies_when_it_is_alone(environ, copies):
    assert Settings.from_env(environ).worker_copies == copies
