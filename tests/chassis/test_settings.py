"""Settings: from the environment or from files that it names; what is wrong is said in one line, with the setting's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from duolangue.chassis.settings import MailSettings, ServiceSettings, read

NEEDED = {
    "MONGODB_DATABASE": "toy",
    "NATS_URL": "nats://localhost",
    "NATS_USER": "toy",
    "NATS_INBOX": "_INBOX_toy",
    "MONGODB_URL": "mongodb://localhost",
    "NATS_PASSWORD": "secret-word",
}


class Settings(ServiceSettings):
    model_config = {**ServiceSettings.model_config, "env_prefix": "DUO_TOY_"}


def told(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**NEEDED, **changes}.items():
        if value:
            monkeypatch.setenv(f"DUO_TOY_{name}", value)


def test_a_secret_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret-word\n")
    (tmp_path / "delays").write_text("[1.0, 2]")
    told(monkeypatch, NATS_PASSWORD="", NATS_PASSWORD_FILE=str(tmp_path / "password"), RETRY_SECONDS_FILE=str(tmp_path / "delays"))  # fmt: skip
    settings = read(Settings)
    assert settings.nats_password.get_secret_value() == "secret-word"
    assert settings.retry_seconds == (1.0, 2.0)
    monkeypatch.setenv("DUO_MAIL_PASSWORD_FILE", "/dev/null")
    assert not read(MailSettings).password.get_secret_value()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"NATS_PASSWORD": ""}, "setting DUO_TOY_NATS_PASSWORD: Field required"),
        ({"NATS_PASSWORD": "", "NATS_PASSWORD_FILE": "/nowhere"}, "setting DUO_TOY_NATS_PASSWORD_FILE: /nowhere cannot be read"),
        ({"NATS_PASSWORD_FILE": "/dev/null"}, "setting DUO_TOY_NATS_PASSWORD: it is set, and so is DUO_TOY_NATS_PASSWORD_FILE"),
        ({"POLL_SECONDS": "soon"}, "setting DUO_TOY_POLL_SECONDS: Input should be a valid number"),
        ({"RETRY_SECONDS": "soon"}, "setting DUO_TOY_RETRY_SECONDS: Input should be JSON"),
        ({"RETRY_SECONDS_FILE": "/proc/version"}, "setting DUO_TOY_RETRY_SECONDS: Input should be JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], changes: dict[str, str], line: str
) -> None:
    told(monkeypatch, **changes)
    with pytest.raises(SystemExit) as ended:
        read(Settings)
    assert ended.value.code == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(line)
    assert "secret-word" not in said
