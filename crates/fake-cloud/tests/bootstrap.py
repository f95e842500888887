#!/usr/bin/env python3
"""Stands in for the functions' programs: answers with what it was asked and what surrounds it."""

import json
import os
import signal
import urllib.request

runtime = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{runtime}/next") as call:
        identity, event = call.headers["Lambda-Runtime-Aws-Request-Id"], json.load(call)
    for record in event.get("Records", []):
        print("received", record.get("messageId", record.get("eventID")), record.get("body", ""), flush=True)
    if "LACQUER_KILL_AT" in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
    answer = {"event": event, "surroundings": {name: os.environ[name] for name in os.environ if name.startswith(("LACQUER_", "AWS_E"))}}
    urllib.request.urlopen(f"{runtime}/{identity}/response", json.dumps(answer).encode()).close()
