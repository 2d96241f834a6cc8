"""Older kinds of files made the present ones, one step for each change of a schema's version. Loses nothing, guesses nothing.

A step takes a value that holds in the older schema and gives one that holds in the next; what the older kind did not tell is null.
Each step stands beside a script `scripts/migrate_<kind>_<from>_to_<to>.py` that writes what it gives.
"""

from collections.abc import Callable, Mapping

from corpus import codec


def manifest_1_to_2(value: codec.Json) -> codec.Json:
    """Since the second kind a manifest tells agreement; one of the first kind did not.

    >>> manifest_1_to_2({"schema": "cda-manifest/1", "undecided": [], "tools": {}})
    {'schema': 'cda-manifest/2', 'undecided': [], 'agreement': None, 'tools': {}}
    """
    new: codec.Json = {}
    for name, held in value.items():
        new |= {"agreement": None} if name == "tools" else {}
        new[name] = "cda-manifest/2" if name == "schema" else held
    return new


STEPS: Mapping[str, Callable[[codec.Json], codec.Json]] = {"cda-manifest/1": manifest_1_to_2}


def upgraded(value: codec.Json) -> codec.Json:
    """The value by as many steps as it takes; one of the present kind, or of an unknown one, as it is."""
    while (step := STEPS.get(str(value.get("schema")))) is not None:
        value = step(value)
    return value
