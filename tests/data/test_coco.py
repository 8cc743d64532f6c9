"""Photos in COCO's form: as COCO unpacks, and as people put them into one folder."""

import json

import pytest

from stnet.data.photos import is_held_out, load_photos

LISTED = {
    "images": [
        {"id": 7, "file_name": "x.jpg", "width": 100, "height": 50},
        {"id": 9, "file_name": "y.jpg", "width": 10, "height": 10},
    ],
    "annotations": [
        {"image_id": 7, "category_id": 18, "bbox": [20, 10, 40, 30], "iscrowd": 0},
        {"image_id": 7, "category_id": 1, "bbox": [0, 0, 90, 50], "iscrowd": 1},
        {"image_id": 7, "category_id": 1, "bbox": [0, 0, 0, 50]},
    ],
    "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"}],
}


def write(path, listed=LISTED):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(listed))


def picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


def test_boxes_without_crowds_and_empty_ones(tmp_path):
    write(tmp_path / "annotations" / "instances_val2017.json")
    first, second = load_photos(tmp_path)
    (entry,) = first.objects
    assert entry.category == "dog" and entry.box == pytest.approx((0.2, 0.2, 0.6, 0.8))
    assert second.objects == () and second.captions == ()
    assert [photo.held_out for photo in (first, second)] == [is_held_out("x.jpg"), is_held_out("y.jpg")]


@pytest.mark.parametrize(
    ("annotations", "place"),
    [
        ("annotations/instances_val2017.json", "val2017"),
        ("annotations/instances_val2017.json", "images"),
        ("coco.json", "images"),
        ("coco.json", "."),
    ],
)
def test_pictures_are_found_beside_the_annotations(tmp_path, annotations, place):
    write(tmp_path / annotations)
    for name in ("x.jpg", "y.jpg"):
        picture(tmp_path / place / name)
    assert [photo.path for photo in load_photos(tmp_path)] == [
        tmp_path / place / n for n in ("x.jpg", "y.jpg")
    ]


def test_several_files_are_read_together(tmp_path):
    write(tmp_path / "annotations" / "instances_train2017.json")
    write(tmp_path / "annotations" / "instances_val2017.json")
    write(tmp_path / "annotations" / "captions_val2017.json", {"info": "not boxes: left alone"})
    assert len(load_photos(tmp_path)) == 4


@pytest.mark.parametrize("part", ["images", "annotations", "categories"])
def test_a_file_in_another_form_is_named(tmp_path, part):
    write(tmp_path / "boxes.json", {name: value for name, value in LISTED.items() if name != part})
    with pytest.raises(ValueError, match=rf"boxes\.json isn't in COCO's form.*{part}"):
        load_photos(tmp_path)


def test_an_unknown_category_is_an_error(tmp_path):
    write(tmp_path / "boxes.json", LISTED | {"categories": LISTED["categories"][:1]})
    with pytest.raises(ValueError, match=r"KeyError\(18\)"):
        load_photos(tmp_path)
