"""The one door on PORT: passes every request to the deployed HTTP API, or to the function whose URL answers its path; bodies streamed both ways."""

import http.client
import http.server
import json
import threading

CHUNK = 64 * 1024
# Speak about one connection, not about the message.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


class Front:
    """A server on 127.0.0.1 in front of the API that the emulator runs."""

    def __init__(self, port: int, emulator_port: int):
        self._handler = type("Handler", (_Handler,), {"emulator_port": emulator_port, "api_id": None, "function_urls": {}})
        self._server = _Server(("127.0.0.1", port), self._handler)
        # Port 0 asks for any free one.
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True, name="front").start()

    def serve(self, api_id: str, function_urls: dict[str, str]) -> None:
        """Names the API and, by path, the ids of function URLs; requests before that are answered 503."""
        self._handler.function_urls = function_urls
        self._handler.api_id = api_id

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        # A client that hangs up is no news.
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    emulator_port: int
    api_id: str | None
    function_urls: dict[str, str]

    def _pass_on(self) -> None:
        if self.api_id is None:
            return self._unavailable("the system is starting")
        upstream = http.client.HTTPConnection("127.0.0.1", self.emulator_port, timeout=60)
        try:
            self._send_upstream(upstream)
            answer = upstream.getresponse()
        except OSError:
            upstream.close()
            return self._unavailable("the system does not answer")
        with answer:
            self._send_downstream(answer)
        upstream.close()
        return None

    def _send_upstream(self, upstream: http.client.HTTPConnection) -> None:
        function_url = self.function_urls.get(self.path.partition("?")[0])
        place = f"lambda-url/{function_url}" if function_url else f"execute-api/{self.api_id}/$default"
        upstream.putrequest(self.command, f"/_aws/{place}{self.path}", skip_host=True, skip_accept_encoding=True)
        upstream.putheader("Host", f"127.0.0.1:{self.emulator_port}")
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP | {"host", "expect"}:
                upstream.putheader(name, value)
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        if chunked:
            upstream.putheader("Transfer-Encoding", "chunked")
        upstream.endheaders()
        for piece in self._chunked_body() if chunked else self._sized_body():
            upstream.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            upstream.send(b"0\r\n\r\n")

    def _sized_body(self):
        left = int(self.headers.get("Content-Length") or 0)
        while left > 0 and (piece := self.rfile.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece

    def _chunked_body(self):
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _send_downstream(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        sized = answer.getheader("Content-Length") is not None
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if not sized and not bodiless:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not bodiless and (piece := answer.read(CHUNK)):
            self.wfile.write(piece if sized else b"%x\r\n%b\r\n" % (len(piece), piece))
        if not sized and not bodiless:
            self.wfile.write(b"0\r\n\r\n")

    def _unavailable(self, detail: str) -> None:
        self.close_connection = True
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": detail, "code": "unavailable"}
        payload = json.dumps(problem).encode()
        self.send_response_only(503, "Service Unavailable")
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)

    def _refuse_method(self) -> None:
        """As API Gateway does, which lets nobody trace either."""
        self.close_connection = True
        self.send_response_only(405, "Method Not Allowed")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _pass_on

    def __getattr__(self, name: str):
        # The server looks for a method of this name; without one it would answer 501.
        if name.startswith("do_"):
            return self._refuse_method
        raise AttributeError(name)

    def log_message(self, *_) -> None:
        pass
