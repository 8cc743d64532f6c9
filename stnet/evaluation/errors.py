"""Why queries failed, sorted by rule from what is known of the pictures, as STNET's authors did by hand."""

from collections import Counter
from typing import Any

import numpy as np

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.metrics import target_ranks
from stnet.evaluation.oracle import Oracle
from stnet.evaluation.suites.base import SuiteQuery

FOUND = 10  # a query failed if its picture isn't among the first so many
RIGHT_TOO = "another picture is right too"
WRONG_THING = "wrong thing"
WRONG_PLACE = "wrong place"
UNKNOWN = "right thing, nobody knows about the words"
RULES = (RIGHT_TOO, WRONG_THING, WRONG_PLACE, UNKNOWN)


def sort_errors(asked: AskedSuite, scores: np.ndarray, modality: str, count: int) -> dict[str, Any]:
    """Sort `count` failed queries, evenly spread over the suite's order, by what their first picture shows.

    | rule | the first picture |
    |---|---|
    | another picture is right too | shows such a thing of which all that the words state is true |
    | wrong thing | shows nothing of the drawn category |
    | wrong place | shows such a thing, but what the words state (place, colour, ...) isn't true of it |
    | right thing, nobody knows about the words | shows such a thing, and people wrote the words |

    Read in the modality "text", a query asks for any thing of which the words are true.

    Args:
        scores: (Q, N), higher is better.
        modality: "sketch+text", "sketch" or "text": which halves of the queries the scores are of.

    Returns:
        `modality`; `failed`: how many there are; `looked at`: how many of them were sorted; `rules`: how many
        by rule; `queries`: of each its number, rank, first picture and rule.

    Raises:
        ValueError: if `count` is below 1, or scores don't fit the suite.
    """
    if count < 1:
        raise ValueError(f"the number of failed queries to sort must be 1 or more, got {count}")
    ranks = target_ranks(scores, asked.right(slice(None)))
    failed = np.flatnonzero(ranks > FOUND)
    spread = np.linspace(0, len(failed) - 1, min(count, len(failed))).round().astype(int)
    oracle, rows = Oracle(asked.objects), []
    for number in failed[spread].tolist():
        first = int(scores[number].argmax())
        rule = _rule(oracle, asked.queries[number], first, modality)
        rows.append({"query": number, "rank": int(ranks[number]), "first": first, "rule": rule})
    counted = Counter(row["rule"] for row in rows)
    return {
        "modality": modality,
        "failed": len(failed),
        "looked at": len(rows),
        "rules": {rule: counted[rule] for rule in RULES},
        "queries": rows,
    }


def _rule(oracle: Oracle, query: SuiteQuery, first: int, modality: str) -> str:
    category = None if modality == "text" else query.category
    facts = () if modality == "sketch" else query.facts
    if category is not None and first not in oracle.fitting(category, ()):
        return WRONG_THING
    if modality != "sketch" and query.text is not None and not facts:
        return UNKNOWN
    return RIGHT_TOO if first in oracle.fitting(category, facts) else WRONG_PLACE
