"""A server of S3 in this process: moto's, behind a door that counts, waits, refuses and looks at what has happened."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler, make_server


class _Handler(WSGIRequestHandler):
    def log(self, *_):
        pass


@dataclass
class S3Server:
    address: str = ""
    requests: list = field(default_factory=list)
    """Method, path and bytes of the body of each."""
    after: object = None
    """Called with the path of each request that has put an object."""
    _held: dict = field(default_factory=dict)

    def __post_init__(self):
        self._app = DomainDispatcherApplication(create_backend_app)

    def bodies(self):
        """What was sent, as (path, bytes)."""
        return [(path, size) for method, path, size in self.requests if method == "PUT"]

    @contextmanager
    def held(self, name):
        """Read the body of the next upload of this name only when the context is left; gives an event: it is there."""
        arrived, go_on = threading.Event(), threading.Event()
        self._held[name] = arrived, go_on
        try:
            yield arrived
        finally:
            self._held.pop(name, None)
            go_on.set()

    def client(self):
        """Boto's client of this server: the one that its users have."""
        return boto3.client(
            "s3", endpoint_url=self.address, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        name = path.rpartition("/")[2]
        if method == "PUT" and name in self._held:
            arrived, go_on = self._held[name]
            arrived.set()
            go_on.wait(30)
        try:
            answer = self._app(environ, start_response)
        except ClientDisconnected:
            start_response("400 Bad Request", [])
            return []
        self.requests.append((method, path, int(environ.get("CONTENT_LENGTH") or 0)))
        if method == "PUT" and self.after:
            self.after(path)
        return answer


@contextmanager
def running():
    server = S3Server()
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=_Handler)
    listening.daemon_threads = True
    server.address = f"http://127.0.0.1:{listening.port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
