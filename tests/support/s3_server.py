"""A server of S3 in this process: moto's, behind a door that counts, waits, and refuses what S3 refuses and moto does not."""

import base64
import hashlib
import io
import threading
from contextlib import contextmanager
from functools import cached_property

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

_BAD_DIGEST = b"<Error><Code>BadDigest</Code><Message>The Content-MD5 you specified did not match</Message></Error>"


class S3Server:
    """A server; what it has is gone with it."""

    def __init__(self):
        self.address = ""
        self.requests = []
        """Method and path of each."""
        self.stored = {}
        """The last content put under each path, in order."""
        self.on_stored = None
        """Called with the path and the content of each object, before its sender knows that it is there."""
        self.refused = None
        """Called with the method and path of each request; gives status and code of an error, or None."""
        self.on_its_way = None
        """Called with the path and the content of each object that is got; gives what arrives of it."""
        self._app = DomainDispatcherApplication(create_backend_app)
        self._held = {}
        self._putting = threading.Lock()
        self._port = 0
        self._listening = None

    def listen(self):
        """Begin to answer, at the same address as before."""
        self._listening = make_server("127.0.0.1", self._port, self, threaded=True, request_handler=_Handler)
        setattr(self._listening, "daemon_threads", True)  # noqa: B010 - of its class for threads
        self._port = self._listening.port
        self.address = f"http://127.0.0.1:{self._port}"
        threading.Thread(target=self._listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        """Answer nobody who comes from now on; what is stored stays."""
        if self._listening:
            self._listening.shutdown()
            self._listening.server_close()

    def clear(self):
        """Forget everything."""
        self._ask("POST", "/moto-api/reset")
        self.requests.clear()
        self.stored.clear()
        self.on_stored = self.refused = self.on_its_way = None

    def sent(self):
        """Return the names of what was sent since the last call, in order."""
        names = [path.rpartition("/")[2] for method, path in self.requests if method == "PUT"]
        self.requests.clear()
        return names

    @contextmanager
    def held(self, name):
        """Leave the next upload of this name unread until the context is left; gives an event: it has begun."""
        arrived, go_on = self._held[name] = threading.Event(), threading.Event()
        try:
            yield arrived
        finally:
            self._held.pop(name, None)
            go_on.set()

    @cached_property
    def client(self):
        """Boto's client of this server: somebody else."""
        return boto3.client(
            "s3", endpoint_url=self.address, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )

    def _ask(self, method, path):
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "HTTP_HOST": "127.0.0.1",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "QUERY_STRING": "",
        }
        for part in self._app(environ, lambda *_: None):
            del part

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if error := self.refused and self.refused(method, path):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response(error[0], [("content-type", "application/xml")])
            return [f"<Error><Code>{error[1]}</Code><Message>{error[1]}</Message></Error>".encode()]
        if method == "GET" and self.on_its_way and path.count("/") > 1:
            self.requests.append((method, path))
            return [self.on_its_way(path, b"".join(self._app(environ, start_response)))]
        if method != "PUT" or path.count("/") < 2:
            self.requests.append((method, path))
            return self._app(environ, start_response)
        arrived, go_on = self._held.get(path.rpartition("/")[2], (None, None))
        if arrived:
            arrived.set()
            go_on.wait(30)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        content = environ["wsgi.input"].read(length)
        if len(content) < length:  # its sender was killed
            start_response("400 Bad Request", [])
            return []
        self.requests.append((method, path))
        promised = environ.get("HTTP_CONTENT_MD5")
        if promised and base64.b64decode(promised) != hashlib.md5(content).digest():
            start_response("400 Bad Request", [("content-type", "application/xml")])
            return [_BAD_DIGEST]
        environ["wsgi.input"] = io.BytesIO(content)
        statuses = []

        def start(status, *rest):
            statuses.append(status)
            return start_response(status, *rest)

        # Moto looks whether there is such an object, and puts it then: of two at once S3 takes only one.
        with self._putting:
            answer = list(self._app(environ, start))
        if statuses[0].startswith("200"):
            self.stored[path] = content
            if self.on_stored:
                self.on_stored(path, content)
        return answer


class _Handler(WSGIRequestHandler):
    def log(self, *_):
        pass


@contextmanager
def running():
    """Run a server on a free port."""
    server = S3Server()
    server.listen()
    try:
        yield server
    finally:
        server.stop()
