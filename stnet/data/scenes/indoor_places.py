"""Painters of places indoors: each paints one place on a `Canvas`."""

from itertools import pairwise

from stnet.data.scenes.canvas import Canvas, Colour, mix

_OUTSIDE: dict[str, Colour] = {"day": (196, 222, 242), "dusk": (250, 164, 104), "night": (16, 22, 52)}


def _wall(canvas: Canvas, floor: float, wall: Colour) -> None:
    canvas.gradient(0, floor, wall, mix(wall, (90, 80, 80), 0.15))
    canvas.rectangle(0, floor - 0.022, 1, floor, mix(wall, (250, 250, 250), 0.5))


def _window(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.rectangle(x0 - 0.015, y0 - 0.015, x1 + 0.015, y1 + 0.015, (240, 238, 230))
    canvas.rectangle(x0, y0, x1, y1, _OUTSIDE[canvas.light], glow=True)
    canvas.rectangle((x0 + x1) / 2 - 0.006, y0, (x0 + x1) / 2 + 0.006, y1, (240, 238, 230))
    canvas.rectangle(x0, (y0 + y1) / 2 - 0.006, x1, (y0 + y1) / 2 + 0.006, (240, 238, 230))


def _boards(canvas: Canvas, floor: float, wood: Colour) -> None:
    canvas.gradient(floor, 1, mix(wood, (40, 26, 16), 0.2), wood)
    dark = mix(wood, (50, 30, 16), 0.45)
    middle = canvas.random.uniform(0.3, 0.7)
    for step in range(-8, 20):
        x = step / 11
        canvas.line([(middle + (x - middle) * 0.6, floor), (middle + (x - middle) * 1.5, 1)], dark, 0.005)
    canvas.texture(floor, 1, dark, 0.35, 30, 6)


def _tiles(canvas: Canvas, floor: float, light: Colour, dark: Colour) -> None:
    canvas.gradient(floor, 1, light, light)
    rows = [floor + (1 - floor) * (step / 5) ** 1.5 for step in range(6)]
    for row, (top, bottom) in enumerate(pairwise(rows)):
        spread = [0.5 + 1.0 * (y - floor) / (1 - floor) for y in (top, bottom)]
        for column in range(-6 + row % 2, 8, 2):
            edges = [column / 7, (column + 1) / 7]
            xs = [[0.5 + (x - 0.5) * 1.8 * s for x in edges] for s in spread]
            canvas.polygon([(xs[0][0], top), (xs[0][1], top), (xs[1][1], bottom), (xs[1][0], bottom)], dark)


def living_room(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.56, 0.64)
    _wall(canvas, floor, canvas.pick((214, 196, 164), (176, 192, 184), (206, 176, 168), (190, 186, 200)))
    x = random.uniform(0.06, 0.62)
    _window(canvas, x, 0.1, x + 0.28, floor - 0.24)
    curtain = canvas.pick((160, 60, 60), (70, 100, 120), (220, 200, 160))
    for side in (x - 0.08, x + 0.29):
        canvas.polygon(
            [(side, 0.06), (side + 0.07, 0.06), (side + 0.08, floor - 0.17), (side - 0.01, floor - 0.17)],
            curtain,
        )
    frame = 0.9 - x
    canvas.rectangle(frame - 0.1, 0.13, frame + 0.08, 0.3, (84, 62, 46))
    canvas.rectangle(
        frame - 0.085,
        0.145,
        frame + 0.065,
        0.285,
        canvas.pick((120, 150, 130), (200, 170, 110), (90, 110, 160)),
    )
    _boards(canvas, floor, canvas.pick((168, 120, 76), (140, 98, 64), (190, 150, 104)))
    sofa = canvas.pick((140, 50, 46), (60, 90, 110), (120, 110, 90), (80, 110, 70))
    left = random.uniform(0.02, 0.5)
    canvas.rectangle(left, floor - 0.15, left + 0.44, floor + 0.05, sofa)
    canvas.rectangle(left + 0.05, floor - 0.04, left + 0.39, floor + 0.02, mix(sofa, (255, 240, 220), 0.2))
    for arm in (left - 0.02, left + 0.4):
        canvas.rectangle(arm, floor - 0.09, arm + 0.06, floor + 0.06, mix(sofa, (20, 10, 10), 0.25))
    lamp = left + 0.54 if left < 0.3 else left - 0.09
    canvas.line([(lamp, floor + 0.05), (lamp, floor - 0.26)], (70, 60, 54), 0.01)
    if canvas.light != "day":
        canvas.blob(lamp, floor - 0.28, 0.34, 0.34, (255, 206, 130), 0.6, glow=True)
    shade = [
        (lamp - 0.06, floor - 0.24),
        (lamp - 0.035, floor - 0.34),
        (lamp + 0.035, floor - 0.34),
        (lamp + 0.06, floor - 0.24),
    ]
    canvas.polygon(shade, (250, 224, 170), glow=canvas.light != "day")
    canvas.ellipse(
        random.uniform(0.35, 0.65),
        random.uniform(0.82, 0.9),
        0.4,
        0.1,
        canvas.pick((170, 70, 60), (70, 90, 120), (210, 196, 170)),
    )


def kitchen(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.6, 0.66)
    wall = canvas.pick((226, 226, 220), (206, 222, 214), (240, 226, 190))
    canvas.gradient(0, floor, wall, wall)
    grout = mix(wall, (130, 130, 130), 0.4)
    for step in range(1, 15):
        canvas.line([(step / 14, 0.16), (step / 14, floor - 0.2)], grout, 0.004)
    for step in range(5):
        canvas.line([(0, 0.18 + step * 0.055), (1, 0.18 + step * 0.055)], grout, 0.004)
    cabinet = canvas.pick((196, 150, 96), (236, 236, 232), (90, 130, 120), (170, 60, 50))
    window = random.uniform(0.3, 0.5)
    for step in range(5):
        x = step / 5
        canvas.rectangle(x + 0.005, floor - 0.18, x + 0.195, floor + 0.03, cabinet)
        canvas.rectangle(x + 0.03, floor - 0.15, x + 0.17, floor, mix(cabinet, (60, 50, 40), 0.15))
        canvas.ellipse(x + 0.16, floor - 0.09, 0.009, 0.009, (90, 84, 80))
        if not window - 0.15 < x < window + 0.25:
            canvas.rectangle(x + 0.005, 0, x + 0.195, 0.2, cabinet)
            canvas.rectangle(x + 0.03, 0.02, x + 0.17, 0.17, mix(cabinet, (60, 50, 40), 0.15))
    _window(canvas, window, 0.08, window + 0.2, 0.3)
    canvas.rectangle(
        0, floor - 0.21, 1, floor - 0.17, canvas.pick((90, 86, 84), (220, 214, 204), (130, 90, 60))
    )
    stove = random.choice([0.0, 0.8])
    canvas.rectangle(stove, floor - 0.2, stove + 0.2, floor + 0.03, (206, 208, 212))
    canvas.rectangle(stove + 0.03, floor - 0.12, stove + 0.17, floor - 0.01, (40, 42, 48))
    canvas.rectangle(
        stove + 0.05, floor - 0.26, stove + 0.15, floor - 0.2, canvas.pick((180, 60, 50), (120, 124, 130))
    )
    _tiles(
        canvas,
        floor + 0.03,
        canvas.pick((226, 220, 208), (240, 240, 240)),
        canvas.pick((120, 110, 104), (170, 80, 66), (70, 90, 100)),
    )


def bathroom(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.58, 0.66)
    tile = canvas.pick((170, 214, 222), (236, 240, 242), (180, 220, 196), (240, 206, 210))
    canvas.gradient(0, floor, tile, tile)
    grout = mix(tile, (250, 250, 250), 0.6) if sum(tile) < 660 else mix(tile, (140, 150, 160), 0.5)
    for step in range(1, 12):
        canvas.line([(step / 12, 0), (step / 12, floor)], grout, 0.006)
        canvas.line([(0, step / 14), (1, step / 14)], grout, 0.006)
    left = random.choice([0.03, 0.47])
    sink = 0.75 if left < 0.2 else 0.2
    canvas.ellipse(sink, 0.2, 0.11, 0.14, (200, 170, 110))
    canvas.ellipse(sink, 0.2, 0.095, 0.125, mix((206, 222, 232), _OUTSIDE[canvas.light], 0.3))
    canvas.rectangle(sink - 0.03, floor - 0.16, sink + 0.03, floor + 0.02, (236, 236, 234))
    canvas.ellipse(sink, floor - 0.17, 0.12, 0.04, (246, 246, 244))
    canvas.line(
        [(sink, floor - 0.19), (sink, floor - 0.24), (sink + 0.03, floor - 0.24)], (150, 154, 160), 0.012
    )
    _tiles(
        canvas,
        floor,
        canvas.pick((230, 230, 226), (190, 206, 214)),
        canvas.pick((90, 110, 124), (150, 150, 150), (60, 60, 64)),
    )
    tub = (246, 246, 242)
    canvas.rectangle(left + 0.03, floor - 0.13, left + 0.47, floor + 0.02, tub)
    canvas.ellipse(left + 0.08, floor + 0.01, 0.06, 0.05, tub)
    canvas.ellipse(left + 0.42, floor + 0.01, 0.06, 0.05, tub)
    canvas.rectangle(left, floor - 0.15, left + 0.5, floor - 0.115, (228, 230, 230))
    if random.random() < 0.6:
        curtain = canvas.pick((240, 190, 80), (90, 140, 190), (230, 120, 140))
        for fold in range(4):
            x = left + fold * 0.035
            canvas.rectangle(x, 0.04, x + 0.036, floor - 0.08, canvas.vary(curtain, 22))


def classroom(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.58, 0.66)
    _wall(canvas, floor, canvas.pick((230, 222, 196), (200, 214, 216), (226, 206, 180)))
    left = random.uniform(0.06, 0.3)
    board = canvas.pick((34, 78, 60), (44, 50, 56), (30, 66, 74), amount=8)
    canvas.rectangle(left - 0.02, 0.08, left + 0.62, floor - 0.2, (150, 106, 66))
    canvas.rectangle(left, 0.1, left + 0.6, floor - 0.22, board)
    for step in range(random.randint(3, 6)):
        y, x = 0.14 + step * 0.04, left + random.uniform(0.03, 0.2)
        end = x + random.uniform(0.1, 0.36)
        points = [(x + (end - x) * i / 8, y + random.uniform(-0.01, 0.01)) for i in range(9)]
        canvas.line(points, (226, 230, 224), 0.006)
    canvas.ellipse(0.93 if left < 0.2 else 0.9, 0.12, 0.05, 0.05, (240, 240, 236))
    _boards(canvas, floor, canvas.pick((176, 140, 96), (150, 124, 96)))
    for row in range(2):
        y = floor + 0.01 + row * 0.09
        for step in range(4 - row):
            x = (step + 0.5) / (4 - row) + random.uniform(-0.02, 0.02)
            w = 0.08 + 0.02 * row
            for leg in (-w * 0.85, w * 0.85):
                canvas.line([(x + leg, y - 0.06), (x + leg, y + 0.05)], (110, 114, 120), 0.01)
            canvas.rectangle(x - w, y - 0.085, x + w, y - 0.055, canvas.vary((206, 164, 108), 8))


def library(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.58, 0.66)
    wood = canvas.pick((112, 74, 46), (136, 92, 58), (84, 58, 42))
    canvas.gradient(0, floor, mix(wood, (30, 20, 14), 0.5), mix(wood, (30, 20, 14), 0.5))
    spines = [
        (150, 40, 40),
        (40, 70, 110),
        (60, 100, 66),
        (200, 170, 100),
        (110, 60, 100),
        (222, 214, 196),
        (50, 46, 50),
    ]
    shelves = random.choice([4, 5])
    height = floor / shelves
    for shelf in range(shelves):
        foot, x = (shelf + 1) * height - 0.018, 0.01
        while x < 1:
            width = random.uniform(0.014, 0.034)
            top = foot - height * random.uniform(0.55, 0.8)
            canvas.rectangle(x, top, x + width - 0.003, foot, random.choice(spines))
            x += width if random.random() < 0.93 else 0.07
        canvas.rectangle(0, foot, 1, foot + 0.02, wood)
    for step in range(4):
        canvas.rectangle(step / 3 - 0.014, 0, step / 3 + 0.014, floor, mix(wood, (200, 150, 100), 0.15))
    if canvas.light != "day":
        for x in (0.2, 0.8):
            canvas.lamp(x, 0.08, 0.02)
    _boards(canvas, floor, canvas.pick((120, 80, 54), (150, 60, 56), (150, 110, 72)))


def stage(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.58, 0.66)
    canvas.tint = (1.0, 0.95, 0.88)
    canvas.gradient(0, floor, (34, 22, 34), (66, 42, 56))
    velvet = canvas.pick((160, 24, 34), (110, 20, 70), (30, 50, 120), amount=10)
    folds = random.randint(14, 20)
    for fold in range(folds):
        x = fold / folds
        canvas.rectangle(x, 0, x + 1 / folds, floor, mix(velvet, (10, 0, 6), 0.15 + 0.4 * (fold % 2)))
    for x in (random.uniform(0.2, 0.4), random.uniform(0.6, 0.8)):
        beam = canvas.pick((255, 240, 190), (200, 220, 255), (255, 200, 220))
        canvas.blob(x, floor * 0.75, 0.26, 0.5, beam, 0.5, glow=True)
        canvas.ellipse(x, 0.13, 0.02, 0.02, beam, glow=True)
    for scallop in range(6):
        canvas.ellipse(
            (scallop + 0.5) / 6, 0.02, 0.09, 0.1, mix(velvet, (255, 120, 90), 0.12 if scallop % 2 else 0.0)
        )
    canvas.rectangle(0, 0.1, 1, 0.12, (214, 170, 70))
    _boards(canvas, floor, canvas.pick((150, 104, 62), (120, 84, 56)))
    canvas.blob(random.uniform(0.35, 0.65), floor + 0.2, 0.45, 0.16, (255, 236, 190), 0.45, glow=True)
    for step in range(9):
        canvas.lamp((step + 0.5) / 9, 0.985, 0.012, (255, 236, 170))


def garage(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.56, 0.64)
    brick = canvas.pick((164, 92, 76), (150, 146, 142), (186, 130, 100))
    canvas.gradient(0, floor, brick, mix(brick, (60, 50, 50), 0.2))
    mortar = mix(brick, (220, 214, 206), 0.45)
    rows = 16
    for row in range(1, rows):
        y = floor * row / rows
        canvas.line([(0, y), (1, y)], mortar, 0.004)
        for step in range(9):
            x = (step + 0.5 * (row % 2)) / 8
            canvas.line([(x, y), (x, y + floor / rows)], mortar, 0.004)
    left = random.choice([0.04, 0.44])
    door = canvas.pick((200, 204, 206), (90, 110, 130), (130, 150, 120))
    canvas.rectangle(left, 0.1, left + 0.52, floor, door)
    for step in range(1, 7):
        y = 0.1 + (floor - 0.1) * step / 7
        canvas.line([(left, y), (left + 0.52, y)], mix(door, (40, 40, 44), 0.4), 0.008)
    for step in range(4):
        x = left + 0.04 + step * 0.12
        canvas.rectangle(x, 0.13, x + 0.08, 0.19, _OUTSIDE[canvas.light], glow=True)
    shelf = 0.62 if left < 0.2 else 0.04
    for y in (0.2, 0.33, 0.46):
        canvas.rectangle(shelf, y, shelf + 0.34, y + 0.016, (120, 88, 58))
        for _ in range(4):
            x, h = shelf + random.uniform(0, 0.28), random.uniform(0.04, 0.09)
            canvas.rectangle(
                x,
                y - h,
                x + 0.05,
                y,
                canvas.pick((200, 60, 50), (60, 100, 160), (220, 180, 60), (90, 90, 94)),
            )
    concrete = canvas.pick((150, 148, 144), (128, 130, 134))
    canvas.gradient(floor, 1, concrete, mix(concrete, (90, 88, 86), 0.3))
    canvas.texture(floor, 1, (80, 78, 76), 0.5, 14, 14)
    canvas.blob(random.random(), random.uniform(0.75, 0.95), 0.16, 0.04, (40, 38, 40), 0.6)
