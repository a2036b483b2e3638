"""A program that connects to its seat: `wargame run two-rivals --seat ARD=http` prints its two arguments.

    python http_bot.py http://127.0.0.1:PORT TOKEN

It talks whenever it can, and otherwise waits.
"""

import json
import sys
import urllib.request
from urllib.error import HTTPError


def request(path, line=None):
    """The status and the content of an answer; `line` is sent, if there is one."""
    address, token = sys.argv[1:]
    headers = {"Authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(address + path, line, headers)) as answer:  # noqa: S310
        return answer.status, answer.read()


def messages():
    """The messages of the seat, to the last one."""
    number = 0
    while True:
        try:
            status, content = request(f"/messages/{number}")
        except HTTPError as error:
            if error.code == 410:
                return
            raise
        if status == 200:
            number += 1
            yield json.loads(content)


def send(**message):
    """Send an answer."""
    request("/answers", json.dumps(message).encode())


for message in messages():
    if message["type"] == "hello":
        send(type="ready", name="talking bot 1.0")
    elif message["type"] == "turn":
        talks = [choice for choice in message["choices"] if choice["option"] == "talk"]
        orders = [{"n": talks[0]["n"], "why": "we want to talk"}] if talks else []
        send(type="act", id=message["id"], orders=orders)
    elif message["type"] == "end":
        break
