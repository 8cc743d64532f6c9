import json

import pytest

from stnet.search.__main__ import main
from tests.galleries import drawing, make_gallery


@pytest.fixture(scope="module")
def options(tiny_checkpoint, tmp_path_factory):
    """--checkpoint and --gallery, and a drawing at the end."""
    folder = tmp_path_factory.mktemp("command")
    gallery = make_gallery(folder, tiny_checkpoint, count=6)
    drawing().save(folder / "drawing.png")
    return [
        "--checkpoint",
        str(tiny_checkpoint),
        "--gallery",
        str(gallery),
        "--sketch",
        str(folder / "drawing.png"),
    ]


def test_json_names_the_files_it_wrote(options, tmp_path, capsys):
    out = tmp_path / "out"
    assert main([*options, "--text", "a red one", "--top-k", "2", "--json", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert printed.err == ""
    assert answer["query"]["mode"] == "sketch+text"
    assert [result["rank"] for result in answer["results"]] == [1, 2]
    assert answer["results"][0]["image"] == str(out / "01.jpg")
    assert (out / "01-heatmap.jpg").is_file()


def test_what_the_first_call_measured_the_next_reads(options, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STNET_CACHE", str(tmp_path / "cache"))
    assert main([*options, "--json"]) == 0
    (kept,) = (tmp_path / "cache").iterdir()
    first, written = json.loads(capsys.readouterr().out), kept.stat().st_mtime_ns
    assert main([*options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["match"] == first["match"]
    assert kept.stat().st_mtime_ns == written


def test_the_balance_is_taken(options, capsys):
    def ranking(*extra):
        assert main([*options, "--json", *extra]) == 0
        answer = json.loads(capsys.readouterr().out)
        return answer["query"]["mode"], [result["id"] for result in answer["results"]]

    both = ("--text", "left of a green square")
    assert ranking(*both, "--balance", "1") == ranking()
    assert ranking(*both, "--balance=-1")[0] == "text"


def test_later_results_and_filters_are_taken(options, capsys):
    assert main([*options, "--json", "--top-k", "2", "--offset", "4"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert ([result["rank"] for result in answer["results"]], answer["total"]) == ([5, 6], 6)
    assert main([*options, "--filter", "light=night"]) == 2
    assert "can't be filtered by 'light'" in capsys.readouterr().err
    assert main([*options, "--filter", "light"]) == 2
    assert "--filter needs NAME=VALUE, got 'light'" in capsys.readouterr().err


def test_without_a_folder_there_are_no_files(options, capsys):
    assert main([*options, "--json", "--exhaustive"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert len(results) == 6
    assert {result["image"] for result in results} == {result["heatmap"] for result in results} == {None}


def test_the_table_lists_the_results_and_says_what_was_cut(options, capsys):
    assert main([*options, "--text", "red " * 100, "--top-k", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["rank", "score", "percentile", "id"]
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert "6 pictures; sketch+text" in lines[4]
    assert lines[5].startswith("2 things are drawn apart: --several")
    assert lines[6].startswith("note: the words were longer")


def test_names_and_a_rank_are_asked_for(options, capsys):
    assert main([*options, "--several", "--names", "red", "green", "--sought", "photo-03.png"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (rank,) = [line.split()[0] for line in lines[1:7] if line.endswith("photo-03.png")]
    assert f"rank of photo-03.png: {rank}" in lines
    assert "6 pictures; sketch+text" in lines[7]


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        (["--top-k", "0"], "from 1 to 50, got 0"),
        (["--sketch", "absent.png"], "The sketch absent.png can't be read"),
        (["--sketch", __file__], "is not a JPEG, PNG, WebP"),
        (["--gallery", "/absent"], "There is no gallery at /absent"),
        (["--checkpoint", "/absent"], "There is no checkpoint at /absent"),
        (["--device", "warp"], "The device 'warp' can't be used here"),
        (["--candidates", "0"], "candidates must be a positive whole number"),
        (["--text", "red", "--balance", "1.5"], "balance must be a number from -1 (words alone)"),
        (["--out", __file__], "File exists"),
        (["--names", "red"], "ask for several"),
        (["--sought", "nobody"], "has the id 'nobody'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(options, extra, text, capsys):
    assert main([*options, *extra]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert text in printed.err
    assert printed.err.count("\n") == 1


def test_an_empty_query_is_refused(options, capsys):
    assert main(options[:4]) == 2
    assert capsys.readouterr().err == "error: Draw something or type a few words.\n"
