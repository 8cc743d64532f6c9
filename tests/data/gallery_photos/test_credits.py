"""Credits as packages write them."""

import json

from stnet.data.gallery_photos.credits import (
    Credit,
    copyright_credit,
    desktop_credit,
    plasma_credit,
    readme_credits,
    template_credits,
)

README = """Copyright: Ann Lee
License: CC-BY-SA 4.0
Source: https://commons.wikimedia.org/wiki/File:Taj_Mahal,_Agra.jpg
Files:
wonders/taj.webp

Copyright: © 2014 Bo & Co
License: CC0-1.0
Source: https://commons.wikimedia.org/wiki/File:Wei%C3%9Fer_Taj.jpg
Files: india/taj.webp

Copyright: 2000, 2008 Cy and others
License: CC-BY 4.0
castle.webp
fort.webp
Comment: castle.webp is based on a photo by Di Ek, license CC-BY 3.0, source at https://example.org/castle

License: CC0-1.0
Files:
nobody.webp
"""


def test_equal_names_in_two_folders_keep_their_own_credits():
    credits = readme_credits(README)
    assert credits["wonders/taj.webp"].author == "Ann Lee"
    assert credits["india/taj.webp"] == Credit(
        "Bo & Co", "CC0-1.0", "https://commons.wikimedia.org/wiki/File:Wei%C3%9Fer_Taj.jpg"
    )
    assert credits["india/taj.webp"].title == "Weißer Taj"
    assert "taj.webp" not in credits and "nobody.webp" not in credits


def test_the_photographer_of_a_changed_photo_is_named():
    credits = readme_credits(README)
    assert credits["castle.webp"].author == "Di Ek (CC-BY 3.0), changed by Cy and others"
    assert credits["castle.webp"].url == "https://example.org/castle"
    assert credits["fort.webp"] == Credit("Cy and others", "CC-BY 4.0")


def test_a_copyright_file_credits_by_its_last_match_and_never_by_everything():
    text = """Format: something

Files: *
Copyright: 2010 The team
License: GPL-2+

Files: nature/*
       other/x.jpg
Copyright: 2008, Ed Fox <ed@example.org>
           2009-2010, "Gus"
License: CC-BY-4.0
 and its words

Files: nature/b.jpg
Copyright: Hal, 2018
License: CC0-1.0
"""
    assert copyright_credit(text, "nature/a.jpg") == Credit("Ed Fox, Gus", "CC-BY-4.0")
    assert copyright_credit(text, "nature/b.jpg") == Credit("Hal", "CC0-1.0")
    assert copyright_credit(text, "elsewhere.jpg") is None


def test_small_files_beside_a_picture_credit_it():
    desktop = "[Desktop Entry]\nX-KDE-PluginInfo-Author=Ida\nX-KDE-PluginInfo-License=FDL\n"
    assert desktop_credit(desktop) == Credit("Ida", "FDL")
    assert desktop_credit("[Desktop Entry]\nName=x\n") is None
    assert plasma_credit(
        json.dumps({"KPlugin": {"Authors": [{"Name": "Jo"}], "License": "LGPLv3"}})
    ) == Credit("Jo", "LGPLv3")
    assert plasma_credit("{}") is None


def test_templates_belong_to_the_person_below_their_names():
    text = """
* Fonts
  * None
    Kim

* Templates
  * Spider's web
  * Sun above
    Lou <l@example.org>

* Sound
  * Bell
    Moe
"""
    assert template_credits(text) == {"spiders_web": "Lou", "sun_above": "Lou"}
