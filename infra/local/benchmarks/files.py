"""Many small files through two workers, as SQS would hand them out."""

import json
import pathlib
import queue
import threading
import time

from benchmarks import messy
from benchmarks.workbench import Workbench, sqs

WORKERS = 2


def write(folder: pathlib.Path, files: int, rows: int) -> list[pathlib.Path]:
    """Files of as many senders: none restates another one's periods."""
    paths = []
    for number in range(files):
        path = folder / f"sender {number:04d} sell-out.csv"
        messy.write(path, rows, seed=number)
        paths.append(path)
    return paths


def load(bench: Workbench, paths: list[pathlib.Path]) -> float:
    """Seconds for all of them. Fails when one is lost or ends otherwise than booked."""
    messages = queue.Queue()
    for number, path in enumerate(paths):
        _, event = bench.announce(path, f"sender_{number:04d}")
        messages.put(sqs(json.dumps(event)))
    workers = [bench.function("file-ingest") for _ in range(WORKERS)]
    for worker in workers:
        worker.wait_ready()
    failed = []

    def work(worker) -> None:
        while True:
            try:
                message = messages.get_nowait()
            except queue.Empty:
                return
            failed.extend(worker.invoke(message)["batchItemFailures"])

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.stop()
    if failed:
        raise RuntimeError(f"{len(failed)} files were not taken")
    return seconds


def check(bench: Workbench, files: int, rows: int) -> None:
    said = bench.sql(f"SELECT count(DISTINCT upload_id), count(*), (SELECT sum(records) FROM sales_daily) FROM sales WHERE org_id = '{bench.org}'")
    if said != f"{files}|{files * rows}|{files * rows}":
        raise RuntimeError(f"{files} files of {rows} rows were sent, the books say {said}")
    open_ = bench.sql("SELECT count(*) FROM uploads WHERE status <> 'completed'")
    if open_ != "0":
        raise RuntimeError(f"{open_} uploads are not completed")
