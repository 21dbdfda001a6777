"""A headless Chromium, driven over its DevTools protocol: no driver, nothing downloaded."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Visit:
    """What a page did while it was open."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Browser:
    """One Chromium with one page; every call waits until it is done."""

    def __init__(self) -> None:
        program = find_chromium()
        assert program
        self._folder = tempfile.mkdtemp(prefix="atips-chromium-")
        self._process = subprocess.Popen(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                f"--user-data-dir={self._folder}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._loop = asyncio.new_event_loop()
        self._number = 0
        self.visit = Visit()
        self._socket = self._loop.run_until_complete(self._connect())
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict:
        """Send one command and wait for its answer; events on the way are noted."""
        return self._loop.run_until_complete(self._call(method, parameters))

    def open(self, page: Path, width: int, height: int = 900) -> Visit:
        """Load a file at a width, with a fresh record of what it does."""
        self.visit = Visit()
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.wait_for("document.readyState === 'complete'")
        return self.visit

    def value(self, expression: str) -> object:
        """What a JavaScript expression, or the promise that it is, comes to."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < until, f"still not true: {expression}"
            time.sleep(0.05)

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=20)
        self._loop.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _connect(self):  # type: ignore[no-untyped-def]
        from tornado.httpclient import AsyncHTTPClient
        from tornado.websocket import websocket_connect

        note = Path(self._folder) / "DevToolsActivePort"
        until = time.monotonic() + 30
        while not note.is_file() or not note.read_text().strip():
            assert time.monotonic() < until, "Chromium did not start"
            await asyncio.sleep(0.05)
        port = note.read_text().split()[0]
        answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/json/list")
        page = next(one for one in json.loads(answer.body) if one["type"] == "page")
        return await websocket_connect(page["webSocketDebuggerUrl"], max_message_size=2**28)

    async def _call(self, method: str, parameters: dict) -> dict:
        self._number += 1
        number = self._number
        await self._socket.write_message(
            json.dumps({"id": number, "method": method, "params": parameters})
        )
        while True:
            text = await asyncio.wait_for(self._socket.read_message(), 60)
            assert text is not None, "Chromium has gone"
            message = json.loads(text)
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                return message["result"]
            self._note(message)

    def _note(self, message: dict) -> None:
        what, told = message.get("method"), message.get("params", {})
        if what == "Network.requestWillBeSent":
            self.visit.requests.append(told["request"]["url"])
        elif what == "Runtime.exceptionThrown":
            self.visit.errors.append(str(told["exceptionDetails"].get("text")))
        elif what == "Runtime.consoleAPICalled" and told["type"] in {"error", "warning"}:
            self.visit.errors.append(str([one.get("value") for one in told["args"]]))
        elif what == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.visit.errors.append(told["entry"]["text"])
