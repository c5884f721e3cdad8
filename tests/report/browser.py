"""Chromium without a window, driven by the DevTools protocol over a pipe: no library, no port.

    with Browser() as browser:
        page = browser.open("file:///.../report.html", width=1280, height=900)
        page.evaluate("document.title")
        page.click("#theme"); page.press("Tab"); page.screenshot("a.png"); page.pdf("a.pdf")
        page.errors      what the console said in error, exceptions and failed loads
        page.requests    addresses that were asked for, beside the page's own
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile

KEYS = {
    "Tab": (9, "Tab", None),
    "Enter": (13, "Enter", "\r"),
    "Space": (32, " ", " "),
    "ArrowRight": (39, "ArrowRight", None),
    "ArrowLeft": (37, "ArrowLeft", None),
    "ArrowDown": (40, "ArrowDown", None),
    "ArrowUp": (38, "ArrowUp", None),
    "Home": (36, "Home", None),
    "+": (187, "+", "+"),
    ".": (190, ".", "."),
}


def find_chromium():
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


class ProtocolError(RuntimeError):
    pass


class Browser:
    def __init__(self):
        program = find_chromium()
        if program is None:
            raise ProtocolError("chromium is not installed (scripts/bootstrap installs it)")
        self.profile = tempfile.mkdtemp(prefix="myriad-chromium-")
        to_browser, self.to = os.pipe()
        self.back, from_browser = os.pipe()
        # The browser reads commands on descriptor 3 and writes on 4, each message ended by a zero byte.
        command = [
            "sh",
            "-c",
            f'exec "$@" 3<&{to_browser} 4>&{from_browser}',
            "sh",
            program,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--disable-dev-shm-usage",
            f"--user-data-dir={self.profile}",
            "about:blank",
        ]
        environment = dict(os.environ, HOME=self.profile, XDG_CONFIG_HOME=self.profile, XDG_CACHE_HOME=self.profile)
        self.process = subprocess.Popen(
            command,
            pass_fds=(to_browser, from_browser),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.reader = os.fdopen(self.back, "rb", buffering=1 << 16)
        self.buffer = b""
        self.number = 0
        self.pages = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.command("Browser.close")
        except (ProtocolError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        self.reader.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def message(self):
        while b"\0" not in self.buffer:
            part = self.reader.read1(1 << 16)
            if not part:
                raise ProtocolError("chromium has ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def command(self, method, session=None, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == number:
                if "error" in answer:
                    raise ProtocolError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.event(answer)

    def event(self, message):
        page = self.pages.get(message.get("sessionId"))
        if page is not None:
            page.event(message["method"], message.get("params", {}))

    def open(self, address, width=1280, height=900, dark=False):
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        self.pages[session] = page
        page.load(address, width, height, dark)
        return page


class Page:
    def __init__(self, browser, target, session):
        self.browser, self.target, self.session = browser, target, session
        self.errors, self.requests, self.loaded, self.address = [], [], False, ""

    def command(self, method, **parameters):
        return self.browser.command(method, self.session, **parameters)

    def event(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.errors.append(
                " ".join(str(argument.get("value", argument.get("description"))) for argument in parameters["args"])
            )
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.errors.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
            if address.split("#")[0] != self.address and not address.startswith("data:"):
                self.requests.append(address)
        elif method == "Page.loadEventFired":
            self.loaded = True

    def load(self, address, width, height, dark):
        self.address = address
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.command(f"{domain}.enable")
        self.size(width, height)
        self.media("screen", dark)
        self.command("Page.navigate", url=address)
        while not self.loaded:
            self.browser.event(self.browser.message())

    def size(self, width, height):
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def media(self, kind, dark):
        self.command(
            "Emulation.setEmulatedMedia",
            media=kind,
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )

    def evaluate(self, expression):
        answer = self.command(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise ProtocolError(answer["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return answer["result"].get("value")

    def settle(self):
        """Two frames and the filter's short wait later."""
        self.evaluate(
            "new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 120))"
        )

    def box(self, selector):
        return self.evaluate(
            f"(() => {{ const node = document.querySelector({json.dumps(selector)}); node.scrollIntoView({{block: 'center'}}); const box = node.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; }})()"
        )

    def move(self, x, y):
        self.command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector):
        x, y, width, height = self.box(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.command(
                "Input.dispatchMouseEvent", type=kind, x=x + width / 2, y=y + height / 2, button="left", clickCount=1
            )
        self.settle()

    def hover(self, selector, part_x=0.5, part_y=0.5):
        x, y, width, height = self.box(selector)
        self.settle()  # scrolling to it hides what is shown at the pointer
        self.move(x + width * part_x, y + height * part_y)
        self.settle()

    def press(self, key):
        code, name, text = KEYS[key]
        extra = {"text": text} if text else {}
        self.command("Input.dispatchKeyEvent", type="keyDown", key=name, code=key, windowsVirtualKeyCode=code, **extra)
        self.command("Input.dispatchKeyEvent", type="keyUp", key=name, code=key, windowsVirtualKeyCode=code)

    def choose(self, selector, value):
        self.evaluate(
            f"(() => {{ const list = document.querySelector({json.dumps(selector)}); list.value = {json.dumps(value)}; list.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
        )
        self.settle()

    def screenshot(self, path, whole=False):
        options = {}
        if whole:
            size = self.command("Page.getLayoutMetrics")["cssContentSize"]
            options = {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1},
            }
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.command("Page.captureScreenshot", format="png", **options)["data"]))

    def pdf(self, path):
        self.media("", False)  # paper has its own
        with open(path, "wb") as file:
            file.write(
                base64.b64decode(
                    self.command("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)["data"]
                )
            )

    def close(self):
        self.browser.command("Target.closeTarget", targetId=self.target)
        self.browser.pages.pop(self.session, None)
