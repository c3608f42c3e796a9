"""Many clients at once, each with an instance of a function of its own under a Runtime API that costs next to nothing.

A client asks, waits for the answer and asks again. Lambda gives an instance one event at a time, so sixteen clients are sixteen
processes. The Runtime API is spoken over bare sockets: a library for HTTP would take longer than the functions.
"""

import asyncio
import json
import time

from benchmarks.host import process


class Instance:
    """One process of a function, asked one thing after the other."""

    def __init__(self, crowd: "Crowd"):
        self.crowd, self.waiting = crowd, None
        self.events: list[bytes] = []
        self.taken: list[float] = []
        self.answer = b""

    def ask(self, events: list[bytes]) -> None:
        self.events = list(reversed(events))
        self._next()

    def _next(self) -> None:
        if self.waiting is None:
            return
        if not self.events:
            self.crowd.rested()
            return
        event, transport = self.events.pop(), self.waiting
        self.waiting = None
        self.asked = time.perf_counter()
        transport.write(
            b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n"
            b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\nContent-Length: %d\r\n\r\n%s" % (len(event), event)
        )

    def received(self, transport, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            self.waiting = transport
            if not self.crowd.ready.is_set():
                self.crowd.arrived(self)
            self._next()
            return
        self.taken.append(time.perf_counter() - self.asked)
        self.answer = body
        transport.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


class Connection(asyncio.Protocol):
    def __init__(self, instance: Instance):
        self.instance, self.buffer = instance, b""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            length, start = _length(head), end + 4
            if len(self.buffer) < start + length:
                return
            body, self.buffer = self.buffer[start : start + length], self.buffer[start + length :]
            self.instance.received(self.transport, head, body)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class Crowd:
    """`clients` instances of a function. Use it as a context."""

    def __init__(self, binary, environment: dict[str, str], clients: int):
        self.loop = asyncio.new_event_loop()
        self.instances = [Instance(self) for _ in range(clients)]
        self.ready, self.here = asyncio.Event(), set()
        self.resting, self.done = 0, None
        self.servers, self.processes = [], []
        for instance in self.instances:
            server = self.loop.run_until_complete(self.loop.create_server(lambda instance=instance: Connection(instance), "127.0.0.1", 0))
            self.servers.append(server)
            self.processes.append(process(binary, server.sockets[0].getsockname()[1], environment))
        self.loop.run_until_complete(asyncio.wait_for(self.ready.wait(), 60))

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_) -> None:
        for child in self.processes:
            child.kill()
            child.wait()
        for server in self.servers:
            server.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def arrived(self, instance: Instance) -> None:
        self.here.add(id(instance))
        if len(self.here) == len(self.instances):
            self.ready.set()

    def rested(self) -> None:
        self.resting += 1
        if self.done is not None and self.resting >= len(self.instances) and not self.done.done():
            self.done.set_result(None)

    def ask(self, events: list[list[bytes]]) -> list[float]:
        """Lets every client ask its events, all at the same time; the seconds of each answer."""
        for instance in self.instances:
            instance.taken = []
        self.resting, self.done = 0, self.loop.create_future()
        for instance, own in zip(self.instances, events, strict=True):
            self.loop.call_soon(instance.ask, own)
        self.loop.run_until_complete(asyncio.wait_for(self.done, 600))
        return [seconds for instance in self.instances for seconds in instance.taken]

    def answers(self) -> list[dict]:
        """The last answer of every client."""
        return [json.loads(instance.answer) for instance in self.instances]
