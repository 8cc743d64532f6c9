from argparse import ArgumentTypeError

import pytest

from index_builder import BuildSettings
from index_builder.options import add_parser, build_parser, merge_parser, positive, settings_of


def test_options_become_settings():
    given = ["--images", "a", "--out", "b", "--part", "2/3", "--batch-size", "5", "--picture-quality", "300"]
    options = build_parser().parse_args([*given, "--picture-format", "webp"])
    assert settings_of(options) == BuildSettings(
        part=(2, 3), batch_size=5, picture_quality=100, picture_format="webp"
    )
    options = add_parser().parse_args(["gallery", "--images", "a", "--batch-size", "4"])
    assert settings_of(options) == BuildSettings(batch_size=4)
    assert merge_parser().parse_args(["a", "b", "--out", "c"]).name is None


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/-2"])
def test_a_part_must_be_one_of_them(text, capsys):
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--images", "a", "--out", "b", "--part", text])
    assert "expected a part like 2/3" in capsys.readouterr().err


def test_a_number_must_be_positive():
    assert positive("7") == 7
    with pytest.raises(ArgumentTypeError, match="expected a whole number of at least 1"):
        positive("0")
