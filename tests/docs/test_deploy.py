"""The files for operators call the server with options that it has, and say what the server does."""

import re
import shlex
from pathlib import Path

import pytest

from kg.cli.app import COMMANDS
from kg.cli.serve import _parser

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"


def _words(line: str) -> list[str]:
    return shlex.split(line)[1:]


def test_the_unit_starts_the_server() -> None:
    text = (DEPLOY / "stkg.service").read_text()
    command, *options = _words(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    assert command in COMMANDS
    found = _parser().parse_args(options)
    assert (found.root_path, found.trust_proxy) == ("/stkg", "127.0.0.1")
    keys = re.findall(r"^([A-Za-z]+)=", text, re.MULTILINE)
    assert {"NoNewPrivileges", "ProtectSystem", "MemoryMax", "TasksMax", "DynamicUser"} <= set(keys)
    assert set(re.findall(r"^\[(.*)\]$", text, re.MULTILINE)) == {"Unit", "Service", "Install"}


def test_the_container_starts_the_server_as_nobody() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    command, *options = re.findall(r'"([^"]*)"', re.findall(r"^CMD \[(.*)\]$", text, re.MULTILINE)[-1])
    assert command in COMMANDS
    port = int(_parser().parse_args(options).port)
    assert f"EXPOSE {port}\n" in text
    assert f"http://127.0.0.1:{port}/healthz" in text
    assert re.findall(r"^USER (\d+):(\d+)$", text, re.MULTILINE) == [("65532", "65532")]


@pytest.mark.parametrize("name", ["nginx.conf", "stkg.service"])
def test_proxy_and_unit_agree(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert "/stkg" in text
    assert "8000" in text
    assert "proxy_buffering off" in text or name != "nginx.conf"
