#!/usr/bin/env python3
"""Stands in for the functions' programs: answers with what it was asked and what surrounds it.

It passes the crash point that it is to die at, whatever its name, once a call.
"""

import json
import os
import signal
import urllib.request

calls = 0
runtime = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{runtime}/next") as call:
        identity, event = call.headers["Lambda-Runtime-Aws-Request-Id"], json.load(call)
    for record in event.get("Records", []):
        print("received", record.get("messageId", record.get("eventID")), record.get("body", ""), flush=True)
    calls += 1
    point, _, passage = os.environ.get("LACQUER_KILL_AT", "").partition(":")
    if point and calls == int(passage or 1):
        os.kill(os.getpid(), signal.SIGKILL)
    answer = {"event": event, "surroundings": {name: os.environ[name] for name in os.environ if name.startswith(("LACQUER_", "AWS_E"))}}
    urllib.request.urlopen(f"{runtime}/{identity}/response", json.dumps(answer).encode()).close()
