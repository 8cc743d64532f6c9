"""A line for each system and kind of query, means over the seeds, and chance."""

from stnet.systems.uses_table import markdown


def group(share):
    return {"queries": 7, "among": {"R@1": share, "R@5": 50.0, "MdR": 3.0}, "gallery": {"R@10": share / 2}}


def measured(share):
    one = {name: group(share) for name in ("all", "traced sketches", "human sketches")}
    other = {name: group(share + 1) for name in ("all", "light", "place")}
    return {"which one": one, "other words": other}


def by_chance(names):
    return {name: {"pictures": 12.5, **group(8.0)} for name in names}


def test_both_tables():
    figures = {
        "suite": "toy",
        "complete": False,
        "images": 90,
        "chance": {
            "which one": by_chance(("all", "traced sketches", "human sketches")),
            "other words": by_chance(("all", "light", "place")),
        },
        "runs": {
            "0": {"stnet": {"sketch+text": measured(30.0), "sketch": measured(20.0)}},
            "1": {"stnet": {"sketch+text": measured(40.0), "sketch": measured(20.0)}},
        },
    }
    lines = markdown(figures).splitlines()
    assert lines[0].startswith("**toy**, 90 pictures (a PART of the suite: not comparable)")
    assert "(12.5 on the mean), 7 queries" in lines[0]
    assert lines[4:7] == [
        "| stnet | sketch + words | 35.0 | 50.0 | 35.0 | 35.0 |",
        "|  | sketch | 20.0 | 50.0 | 20.0 | 20.0 |",
        "| by chance |  | 8.0 | 50.0 | 8.0 | 8.0 |",
    ]
    assert lines[-3] == "| stnet | sketch + other words | 36.0 | 36.0 | 18.0 | 18.0 |"
    assert lines[-1] == "| by chance |  | 8.0 | 8.0 | 4.0 | 4.0 |"
