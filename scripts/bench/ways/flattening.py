"""What the other ways make of a task: its text, and spans, relations and values of its annotation in lists. Nothing is checked."""

from typing import Any


def flat(task: dict[str, Any]) -> dict[str, Any]:
    """One row."""
    result = task["annotations"][0]["result"]
    spans = [row for row in result if row["type"] == "labels"]
    arrows = [row for row in result if row["type"] == "relation"]
    return {
        "document": task["data"]["document"],
        "text": task["data"]["text"],
        "ids": [row["id"] for row in spans],
        "labels": [row["value"]["labels"][0] for row in spans],
        "starts": [row["value"]["start"] for row in spans],
        "ends": [row["value"]["end"] for row in spans],
        "from": [row["from_id"] for row in arrows],
        "to": [row["to_id"] for row in arrows],
        "types": [row["labels"][0] for row in arrows],
    }
