"""A web server on this computer that gives files out badly in several ways."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves `files`, a dict from names to bytes; `manner` says how, `asked` counts.

    Manners: "well", "missing" (404), "wrong" (other bytes), "broken" (the connection
    ends half way), "broken once", "slowly" (a second for each file), "silent" (no answer).
    """

    daemon_threads = True

    def __init__(self, files, manner):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.manner, self.asked = files, manner, 0
        self.started = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked += 1
        manner, data = server.manner, server.files[self.path.lstrip("/")]
        if manner == "broken once":
            manner = "broken" if server.asked == 1 else "well"
        if manner == "silent":
            time.sleep(3)
            return
        if manner == "missing":
            self.send_error(404)
            return
        if manner == "wrong":
            data = bytes(len(data))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        half = len(data) // 2
        self.wfile.write(data[:half])
        self.wfile.flush()
        server.started.set()
        if manner == "slowly":
            time.sleep(1)
        if manner != "broken":
            self.wfile.write(data[half:])

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
            server.shutdown()
            thread.join()
