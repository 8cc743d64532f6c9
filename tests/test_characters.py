from stnet.characters import printable, whole_characters


def test_half_a_character_is_replaced_and_two_halves_are_one() -> None:
    assert whole_characters("a\ud83d b\ude80 c") == "a\ufffd b\ufffd c"
    assert whole_characters("\ud83d\ude80 naïve 沙滩") == "\U0001f680 naïve 沙滩"
    whole_characters("\udcff").encode("utf-8")


def test_a_terminal_is_shown_what_it_would_obey() -> None:
    assert printable("a\n\x1b[2Jb\u202e") == "a\\n\\x1b[2Jb\\u202e"
    assert printable("naïve 🚀 沙滩") == "naïve 🚀 沙滩"
