"""A real browser to open the library's pages in: Chromium without a window.

Chromedriver translates the WebDriver protocol, JSON over HTTP, for Chromium, so the
standard library is all that is needed. On Debian, `apt-get install chromium
chromium-driver` brings both programs.
Source: W3C, *WebDriver*, https://www.w3.org/TR/webdriver2/.
"""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

NAMES = ("chromium", "google-chrome", "chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-sync --no-first-run "
    "--disable-background-networking --disable-component-update --force-color-profile=srgb"
).split()
UNREACHABLE = "--host-resolver-rules=MAP * ~NOTFOUND"  # who asks for a host is seen, and gets nothing
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "End": "\ue010", "Home": "\ue011"}
KEYS |= {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}
DOWN, UP = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))


def programs():
    """Return the paths of Chromium and chromedriver, None for what is absent."""
    return next(filter(None, map(shutil.which, NAMES)), None), shutil.which("chromedriver")


@contextmanager
def running():
    """Start Chromium with an empty profile, yield it as a Browser, and end it."""
    chromium, driver = programs()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        subprocess.Popen([driver, "--port=0"], **pipes) as process,
    ):
        try:
            ports = (re.search(r"successfully on port (\d+)", line) for line in process.stdout)
            address = f"http://127.0.0.1:{next(filter(None, ports))[1]}"
            browser = Browser(address, chromium, [*FLAGS, UNREACHABLE, f"--user-data-dir={profile}"])
            yield browser
            browser.ask("DELETE")
        finally:
            process.kill()


class Browser:
    """A browser with one page, as `running` yields it.

    Places are given as a CSS selector and two shares of the element's size, from its
    top left corner: ("#plane", 0.5, 0.5) is the middle of the element with id "plane".
    """

    def __init__(self, address, chromium, flags):
        self._url = f"{address}/session"
        self._errors, self._requests = [], []
        logs = {"browser": "ALL", "performance": "ALL"}
        wanted = {"goog:chromeOptions": {"binary": chromium, "args": flags}, "goog:loggingPrefs": logs}
        self._url += "/" + self.ask("POST", body={"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def ask(self, method, command="", body=None):
        """Send one command of the protocol; return the answer's value."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._url + command, data, kind, method=method)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=100) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"{command}: {json.load(error)['value']['message']}") from None

    def open(self, path, *, width=900, height=700, dark=False):
        """Open a file, in a window of that many CSS pixels, and wait until it is loaded."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools("Emulation.setDeviceMetricsOverride", **size)
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("DELETE", "/actions")  # no finger or key is left down
        self.ask("POST", "/url", {"url": "about:blank"})
        self._read_logs()
        self._errors, self._requests = [], []
        self.ask("POST", "/url", {"url": Path(path).resolve().as_uri()})

    def errors(self):
        """Return the texts of all errors on the console since `open`."""
        self._read_logs()
        return self._errors

    def requests(self):
        """Return the addresses of a network that the page has asked for since `open`."""
        self._read_logs()
        return [url for url in self._requests if url.split(":")[0] not in ("file", "data", "blob", "about")]

    def _read_logs(self):
        console = self.ask("POST", "/se/log", {"type": "browser"})
        self._errors += [entry["message"] for entry in console if entry["level"] == "SEVERE"]
        for entry in self.ask("POST", "/se/log", {"type": "performance"}):
            event = json.loads(entry["message"])["message"]
            if event["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                about = event["params"]
                self._requests.append(about.get("request", about)["url"])

    def run(self, script, *arguments):
        """Run JavaScript; return what it returns. The arguments are `arguments[0]` and so on."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        """Give Chromium a command of the DevTools protocol; return its answer."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, path):
        """Write the window's picture to a PNG."""
        Path(path).write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))

    def move(self, selector, across=0.5, down=0.5):
        """Move the mouse there."""
        self._point("mouse", [self._go(selector, across, down)])

    def click(self, selector, across=0.5, down=0.5):
        """Click there with the mouse."""
        self._point("mouse", [self._go(selector, across, down), DOWN, UP])

    def touch(self, selector, *places):
        """Put a finger on the first place (across, down), drag it to the others, and lift it."""
        first, *others = [self._go(selector, *place) for place in places]
        self._point("touch", [first, DOWN, *others, UP])

    def press(self, *keys):
        """Press keys one after another: names in KEYS, or single letters."""
        values = [KEYS.get(key, key) for key in keys]
        actions = [{"type": f"key{way}", "value": value} for value in values for way in ("Down", "Up")]
        self._act(type="key", id="keys", actions=actions)

    def _go(self, selector, across, down):
        x, y, width, height = self.run(
            "const found = document.querySelector(arguments[0]); found.scrollIntoView({block: 'nearest'});"
            "const box = found.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]",
            selector,
        )
        place = {"x": round(x + across * width), "y": round(y + down * height)}
        return {"type": "pointerMove", "duration": 20, **place}

    def _point(self, kind, actions):
        self._act(type="pointer", id=kind, parameters={"pointerType": kind}, actions=actions)

    def _act(self, **source):
        self.ask("POST", "/actions", {"actions": [source]})
