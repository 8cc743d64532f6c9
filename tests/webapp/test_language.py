import json
from pathlib import Path

import pytest

from webapp.examples import load_examples
from webapp.language import is_foreign

CONFIG = Path(__file__).resolve().parents[2] / "assets" / "checkpoint" / "config.json"


FOREIGN = """
ein Hund auf der Wiese | Hund im Schnee | Katze unter einem Baum | chat sur la neige
un chien dans l’eau, avec un ballon | perro en la nieve
gatto sulla neve | gato na neve
hond op het strand | katt på snön | pies obok domu | üzerinde bir kedi
anjing dengan bola | собака на снегу | σκύλος στο χιόνι
כלב בשלג | كلب على الثلج | 雪の上の犬 | 눈 위의 개 | หมา | снег (snow) на поле
"""
ENGLISH = """
| 12 3 | 🐧 | fox | on the snow, at night | in a den | a man on a mat | pie a la mode | pros and cons
en route to a bar | art nouveau | a café on the corner | piñata | naïve art | Unter den Linden
Rio de la Plata | Los Angeles | Leonardo da Vinci | Vincent van Gogh | Ludwig von Beethoven
Big Sur | MIT campus | Uma Thurman | Île de France | El Niño | Fjällräven | Ångström | Charles de Gaulle
a matryoshka (матрёшка) on the table
"""


def phrases(listed: str) -> list[str]:
    return [phrase.strip() for line in listed.strip().splitlines() for phrase in line.split("|")]


@pytest.mark.parametrize("words", phrases(FOREIGN))
def test_another_language_is_seen_by_its_script_or_its_little_words(words: str) -> None:
    assert is_foreign(words)
    assert is_foreign(words.upper())


@pytest.mark.parametrize("words", phrases(ENGLISH))
def test_english_and_names_are_left_alone(words: str) -> None:
    assert not is_foreign(words)
    assert not is_foreign(words.lower())


def test_what_the_checkpoint_can_name_and_the_examples_are_english() -> None:
    config = json.loads(CONFIG.read_text(encoding="utf-8"))
    names = [*config["categories"], *config["drawn_names"], *(example.text for example in load_examples())]
    assert [name for name in names if is_foreign(name)] == []
