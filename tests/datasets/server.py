"""A web server on this computer that gives files out badly in several ways."""

import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONG = 100  # seconds, after which a server, or who waits for one, gives up


class Server(ThreadingHTTPServer):
    """Serves `files`, a dict from names to bytes; `manner` says how, `asked` counts.

    Manners: "well", "missing" (404), "wrong" (other bytes), "broken" (the connection
    ends half way), "broken once", "halting" (no more than half, until the end), "silent"
    (no answer), "to both" (an answer to two requests at a time), "dripping" (a byte now and
    then), "endless" (without a length, and more and more), "huge" (announces gigabytes).
    """

    daemon_threads = False  # none outlives the server

    def __init__(self, files, manner):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.manner, self.asked = files, manner, 0
        self.counting = threading.Lock()
        self.half_way, self.end, self.both = threading.Event(), threading.Event(), threading.Barrier(2)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        with server.counting:
            server.asked += 1
            number = server.asked
        manner, data = server.manner, server.files[self.path.lstrip("/")]
        if manner == "broken once":
            manner = "broken" if number == 1 else "well"
        if manner == "silent":
            server.end.wait(LONG)
            return
        if manner == "missing":
            self.send_error(404)
            return
        if manner == "wrong":
            data = bytes(len(data))
        if manner == "to both":
            server.both.wait(LONG)
        self.send_response(200)
        if "endless" not in manner:
            self.send_header("Content-Length", str(10**10 if manner == "huge" else len(data)))
        self.end_headers()
        if "dripping" in manner or manner == "endless":
            self._go_on(data, slowly="dripping" in manner)
            return
        half = len(data) // 2
        self.wfile.write(data[:half])
        self.wfile.flush()
        server.half_way.set()
        if manner == "halting":
            server.end.wait(LONG)
        elif manner != "broken":
            self.wfile.write(data[half:])

    def _go_on(self, data, *, slowly):
        """Send without end, a byte now and then or as much as is taken."""
        with suppress(OSError):  # whoever asked has had enough
            while not self.server.end.wait(0.02 if slowly else 0):
                self.wfile.write(data[:1] if slowly else data)

    def log_message(self, *arguments):
        pass


@contextmanager
def serving(files, manner="well"):
    """Yield a running Server."""
    with Server(files, manner) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.end.set()
            server.both.abort()
            server.shutdown()
            thread.join()
