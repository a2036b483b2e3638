"""A program for a seat: it answers a hostile report with its mildest option, and otherwise waits."""

import json
import sys


def send(**message):
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        rung = {option["option"]: option["rung"] for option in message["options"]}
        send(type="ready", name="mild bot 1.0")
    elif message["type"] == "turn":
        due = {each["dossier"] for each in message["due"]}
        hostile = any("hostile" in entry["text"] for entry in message["entries"])
        choices = [choice for choice in message["choices"] if choice["dossier"] in due]
        orders = []
        if hostile and choices:
            mildest = min(choices, key=lambda choice: (rung[choice["option"]], choice["n"]))
            orders = [{"n": mildest["n"], "why": "we answer in kind, but no more"}]
        send(type="act", id=message["id"], orders=orders)
