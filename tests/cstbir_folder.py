"""A folder in the form of CSTBIR: drawn photos with their boxes, drawings as strokes, and the CSV."""

import json

from PIL import Image, ImageDraw

HEAD = "text,image_filename,sketch_filename,object_category,split"
COLOURS = ("red", "green", "blue", "yellow")
SIZE = (80, 60)
DRAWINGS = {
    "box": [[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]]],
    "hot air balloon": [[[128, 255, 128, 0, 128], [0, 128, 255, 128, 0]], [[128, 128], [0, 255]]],
}


def make_cstbir(folder, *, boxes=True):
    """Eight photos: a box or a balloon, on one of four colours; each is asked for once in every split.

    Photo number n shows DRAWINGS' thing n % 2 in front of COLOURS[n // 2]. Of the last two no box is known,
    without `boxes` of none.
    """
    (folder / "images" / "VG_100K").mkdir(parents=True)
    (folder / "sketches").mkdir()
    rows, objects = [HEAD], []
    for number in range(8):
        category, colour = list(DRAWINGS)[number % 2], COLOURS[number // 2]
        left = 10 + 4 * number
        place = (left, 15, left + 29, 44)
        photo = Image.new("RGB", SIZE, colour)
        pen = ImageDraw.Draw(photo)
        shape = pen.rectangle if category == "box" else pen.ellipse
        shape(place, fill="white", outline="black", width=3)
        photo.save(folder / "images" / "VG_100K" / f"{number}.jpg")
        sketch = f"{category.replace(' ', '')}_{number % 4 // 2}.jpg"
        rows += [
            f"in front of {colour},{number}.jpg,{sketch},{category},{split}" for split in ("train", "test")
        ]
        if number < 6:
            thing = {"x": left, "y": 15, "w": 30, "h": 30, "names": [category]}
            objects.append({"image_id": number, "objects": [thing]})
    (folder / "CSTBIR.csv").write_text("\n".join(rows) + "\n")
    for category, drawn in DRAWINGS.items():
        lines = [json.dumps({"word": category, "drawing": drawn}) for _ in range(2)]
        (folder / "sketches" / f"{category}.ndjson").write_text("\n".join(lines))
    if boxes:
        (folder / "objects.json").write_text(json.dumps(objects))
    return folder
