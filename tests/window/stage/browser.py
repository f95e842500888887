#!/usr/bin/python3
"""Stands for a person's browser: opens the address that it is given, and goes wherever it is led."""

import sys
import urllib.request

urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=60).read()
