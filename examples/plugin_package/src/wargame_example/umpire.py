"""A white cell: answers each question alike and refuses orders in free text."""

import json
import sys


def main():
    for line in sys.stdin:
        case = json.loads(line)
        if case["type"] == "case":
            order = case["kind"] == "request"
            judgement = {"how": "refuse" if order else "decline", "text": "The umpire knows no more than you do."}
            print(json.dumps({"type": "ruling", "id": case["id"], "judgement": judgement}), flush=True)


if __name__ == "__main__":
    main()
