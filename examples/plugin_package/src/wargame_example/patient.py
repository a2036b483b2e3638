"""A player: asks once, talks when it can, and else passes. It is started as `python -m wargame_example.patient`."""

import json
import sys


def main():
    questions = ["What do fishermen on our side report?"]
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            answer = {"type": "ready", "name": "patient 0.1"}
        elif message["type"] == "turn":
            talks = [choice["n"] for choice in message["choices"] if choice["option"] == "talk"]
            orders = [{"n": n, "why": "Talk first."} for n in talks[:1]]
            answer = {"type": "act", "id": message["id"], "orders": orders, "questions": questions}
            questions = []
        else:
            continue
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
