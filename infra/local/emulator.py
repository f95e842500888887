"""Runs ministack for tests: on a free port of 127.0.0.1, until standard input closes.

Prints one line to standard output, its port, once it takes connections; everything else goes to standard error. When standard
input closes (also because whoever started this was killed) it ends, with its whole process group: the functions that it runs.
So whoever starts it gives it a process group of its own.

Settings, each an environment variable:
  LACQUER_EMULATED_DELIVERY   once (as ministack does), again (each message comes a second time after the first was dealt
                              with) or twice-at-once (each batch goes to two instances of the function beside each other)
  LACQUER_EMULATED_PATIENCE   seconds: no message is delayed longer, and one whose function failed or died comes back this soon
  LACQUER_EMULATED_MINUTE     seconds: how long a minute of a rule's rate lasts, else sixty
  LACQUER_EMULATED_ASKING     yes (an e-mail subscription waits for its token, as with SNS; the link that the e-mail has is
                              written to standard error) or no (it is confirmed at once, as with ministack)

What it changes in ministack beyond that:
  - CRC-32C and CRC-64/NVME by awscrt, since ministack's own take seconds for a part.
  - The API's authorizer takes signatures for good: ministack needs a package for them that is not here, and refuses every token
    without it. The function behind it checks every token itself.
  - What functions write to their log is also written to standard error, with the function's name before each line.
  - A number that a stack has from a parameter is a number.
  - LACQUER_KILL_AT is left out of a function's surroundings once a process has died with it: a crash point kills once. Where it
    names several, with commas between them, each process that is started is given the next one, until none is left. Once the
    function is configured again it counts anew, also with the same value.
"""

import asyncio
import os
import signal
import socket
import sys
import threading


def main() -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    listener.set_inheritable(False)
    port = listener.getsockname()[1]

    announce = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    # ministack reads these when it is imported.
    endpoint = f"http://127.0.0.1:{port}"
    os.environ.update(
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        AWS_ENDPOINT_URL=endpoint,
        LAMBDA_EXECUTOR="local",
    )
    # Functions get a copy of these surroundings: nothing of the person's own may leak into them.
    for name in ("AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ.pop(name, None)

    threading.Thread(target=end_with_input, daemon=True).start()

    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    change_ministack()

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    announce.write(f"{port}\n")
    announce.close()
    asyncio.run(serve(app, config))


def end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def change_ministack() -> None:
    from awscrt import checksums
    from ministack.core import lambda_runtime
    from ministack.services import apigateway, eventbridge, lambda_svc, s3, sns, sqs

    s3._crc32c = checksums.crc32c
    s3._crc64nvme = checksums.crc64nvme
    check("_crc32c", s3, lambda: s3._crc32c(b"123456789") == 0xE3069283)
    check("_crc64nvme", s3, lambda: s3._crc64nvme(b"123456789") == 0xAE8B14860A799888)

    apigateway._verify_rs256_signature = lambda token, key: True
    count_by_numbers(lambda_svc)
    patience = os.environ.get("LACQUER_EMULATED_PATIENCE")
    show_logs(lambda_runtime, lambda_svc)
    kill_once(lambda_svc)
    if patience is not None:
        come_back_soon(lambda_svc, sqs, float(patience))
    minute = os.environ.get("LACQUER_EMULATED_MINUTE")
    if minute is not None:
        shorten_minutes(eventbridge, float(minute))
    match os.environ.get("LACQUER_EMULATED_ASKING", "no"):
        case "no":
            pass
        case "yes":
            ask_by_mail(sns)
        case other:
            sys.exit(f"LACQUER_EMULATED_ASKING is {other!r}, and must be yes or no")
    match os.environ.get("LACQUER_EMULATED_DELIVERY", "once"):
        case "once":
            pass
        case "again":
            deliver_again(sqs)
        case "twice-at-once":
            deliver_twice_at_once(lambda_svc)
        case other:
            sys.exit(f"LACQUER_EMULATED_DELIVERY is {other!r}, and must be once, again or twice-at-once")


def check(name: str, module, holds) -> None:
    if not holds():
        sys.exit(f"{module.__name__}.{name} is not what it was when this was written: see infra/local/emulator.py")


def count_by_numbers(lambda_svc) -> None:
    """A stack's parameters are text, and ministack leaves them so where it counts, and where it tells."""

    def counting(original):
        def count(esm, *args):
            scaling = esm.get("ScalingConfig") or {}
            if scaling.get("MaximumConcurrency"):
                scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
            return original(esm, *args)

        return count

    lambda_svc._sqs_esm_concurrency = counting(lambda_svc._sqs_esm_concurrency)
    lambda_svc._esm_response = counting(lambda_svc._esm_response)


def say(line: str) -> None:
    """In one piece: functions that run beside each other do not write into each other's lines."""
    os.write(2, f"{line}\n".encode())


def show_logs(lambda_runtime, lambda_svc) -> None:
    """Each line once, and as it comes: ministack looks for a call's lines for some milliseconds after it, and a line that is
    later than that is among those of the next call, or of none."""

    class Shown:
        def __init__(self, name, lines):
            self.name = name
            self.get_nowait, self._put_nowait = lines.get_nowait, lines.put_nowait

        def put_nowait(self, line):
            self._put_nowait(line)
            say(f"{self.name}: {line}")

    environment = lambda_runtime.ProvidedWorker
    original_pump = environment._pump_output

    def pump(self, stream, lines):
        return original_pump(self, stream, Shown(self.func_name, lines))

    environment._pump_output = pump

    original_emit = lambda_svc._emit_lambda_logs

    def emit(func, request_id, log_text, error, duration_ms, *args, **kwargs):
        name = (func.get("config") or func).get("FunctionName", "?")
        say(f"{name}: {'failed' if error else 'done'} after {duration_ms} ms")
        return original_emit(func, request_id, log_text, error, duration_ms, *args, **kwargs)

    lambda_svc._emit_lambda_logs = emit


def kill_once(lambda_svc) -> None:
    died: set[tuple[str, str, str]] = set()
    given: dict[tuple[str, str, str], int] = {}

    def named(config) -> tuple[str, str, str]:
        variables = (config.get("Environment") or {}).get("Variables") or {}
        return config.get("FunctionName", ""), variables.get("LACQUER_KILL_AT", ""), config.get("RevisionId", "")

    original_env = lambda_svc._provided_worker_env

    def env(config, *args):
        surroundings = original_env(config, *args)
        of = named(config)
        points = of[1].split(",")
        if len(points) > 1:
            # Each process has another point to die at, and so each point kills one.
            number = given[of] = given.get(of, 0) + 1
            if number <= len(points):
                surroundings["LACQUER_KILL_AT"] = points[number - 1]
            else:
                surroundings.pop("LACQUER_KILL_AT", None)
        elif of in died:
            surroundings.pop("LACQUER_KILL_AT", None)
        return surroundings

    original_execute = lambda_svc._execute_function_provided_warm

    def execute(func, event, request_id):
        # As it was configured when it was called.
        of = named(func.get("config") or func)
        result = original_execute(func, event, request_id)
        body = result.get("body")
        # A function that answers with an error has answered; these types say that its process ended without one.
        if result.get("error") and isinstance(body, dict) and str(body.get("errorType", "")).startswith("Runtime."):
            died.add(of)
            say(f"{of[0]}: died")
        return result

    lambda_svc._provided_worker_env = env
    lambda_svc._execute_function_provided_warm = execute


def come_back_soon(lambda_svc, sqs, seconds: float) -> None:
    import time

    def hasten(queue, chosen) -> None:
        with sqs._queues_lock:
            soon = time.time() + seconds
            for message in queue["messages"]:
                if chosen(message) and message.get("visible_at", 0) > soon:
                    message["visible_at"] = soon
        lambda_svc._esm_wake.set()

    original_run = lambda_svc._run_sqs_batch

    def run(esm, func_rec, event, batch, queue_url, queue_name):
        original_run(esm, func_rec, event, batch, queue_url, queue_name)
        lambda_svc._esm_backoff_until.pop(esm["UUID"], None)
        queue = sqs._queues.get(queue_url)
        if queue:
            handles = {message["receipt_handle"] for message in batch}
            # Still there with the same handle: it was neither dealt with nor received by another meanwhile.
            hasten(queue, lambda message: message.get("receipt_handle") in handles)

    lambda_svc._run_sqs_batch = run

    original_collect = sqs._collect_msgs

    def collect(queue, *args):
        # Called with the lock held. A message that nobody has received yet is hidden by its delay alone.
        soon = time.time() + seconds
        for message in queue["messages"]:
            if not message.get("receive_count") and message.get("visible_at", 0) > soon:
                message["visible_at"] = soon
        return original_collect(queue, *args)

    sqs._collect_msgs = collect


def shorten_minutes(eventbridge, seconds: float) -> None:
    original = eventbridge._parse_rate_seconds

    def interval(expression):
        usual = original(expression)
        return None if usual is None else usual / 60 * seconds

    check("_parse_rate_seconds", eventbridge, lambda: original("rate(2 minutes)") == 120)
    check("_SCHEDULER_TICK_INTERVAL", eventbridge, lambda: eventbridge._SCHEDULER_TICK_INTERVAL == 10)
    eventbridge._parse_rate_seconds = interval
    # How often it is seen whether a rule is due.
    eventbridge._SCHEDULER_TICK_INTERVAL = min(10, seconds / 4)


def ask_by_mail(sns) -> None:
    """Has the owner of an address asked: ministack asks those of web addresses alone."""
    import secrets
    from urllib.parse import urlencode

    def subscriptions(params) -> list:
        topic, _ = sns._get_topic(sns._p(params, "TopicArn"))
        return [one for one in topic["subscriptions"] if one["protocol"] == "email"] if topic else []

    original_subscribe = sns._subscribe

    def subscribe(params):
        answer = original_subscribe(params)
        email = sns._p(params, "Endpoint")
        for one in subscriptions(params):
            if one["endpoint"] != email or one.get("agreed"):
                continue
            if "name" not in one:
                # What waits for its token is listed without a name.
                one.update(name=one["arn"], arn="PendingConfirmation", confirmed=False)
                one["attributes"]["PendingConfirmation"] = "true"
            one["token"] = secrets.token_hex(24)
            query = urlencode({"TopicArn": one["topic_arn"], "Token": one["token"], "Endpoint": email})
            print(f"{email} was asked: https://sns.example/confirmation.html?{query}", file=sys.stderr, flush=True)
        return answer

    original_confirm = sns._confirm_subscription

    def confirm(params):
        for one in subscriptions(params):
            if one.get("token") and one["token"] == sns._p(params, "Token"):
                one.update(arn=one["name"], agreed=True)
        return original_confirm(params)

    sns._subscribe = subscribe
    sns._confirm_subscription = confirm


def deliver_again(sqs) -> None:
    original = sqs._delete_messages_for_esm

    def delete(queue_url, handles):
        keep = set()
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            for message in queue["messages"]:
                if message.get("receipt_handle") in handles and not message.get("came_again"):
                    message["came_again"] = True
                    message["visible_at"] = 0
                    keep.add(message["receipt_handle"])
        original(queue_url, set(handles) - keep)

    sqs._delete_messages_for_esm = delete


def deliver_twice_at_once(lambda_svc) -> None:
    original = lambda_svc._dispatch_esm_batch

    def dispatch(esm_id, fn, *args):
        original(esm_id, fn, *args)
        if fn is lambda_svc._run_sqs_batch:
            original(esm_id, fn, *args)

    lambda_svc._dispatch_esm_batch = dispatch


if __name__ == "__main__":
    main()
