"""Painters of places outdoors that people have built: each paints one place on a `Canvas`."""

from stnet.data.scenes.canvas import Canvas, Colour, mix
from stnet.data.scenes.plants import broadleaf, grass

_WALLS: list[Colour] = [(172, 120, 96), (150, 146, 140), (196, 176, 140), (120, 130, 146), (204, 196, 188)]


def _building(canvas: Canvas, x0: float, top: float, x1: float, foot: float) -> None:
    random = canvas.random
    wall = canvas.pick(*_WALLS)
    canvas.rectangle(x0, top, x1, foot, wall)
    columns, rows = max(2, round((x1 - x0) / 0.055)), max(2, round((foot - top) / 0.075))
    for row in range(rows):
        y = top + (foot - top) * (row + 0.25) / rows
        for column in range(columns):
            x = x0 + (x1 - x0) * (column + 0.25) / columns
            step = (x1 - x0) / columns * 0.5
            canvas.window(x, y, x + step, y + (foot - top) / rows * 0.5, random.random() < 0.55)


def _skyline(canvas: Canvas, foot: float, low: float, high: float) -> None:
    x = -0.05
    while x < 1:
        width = canvas.random.uniform(0.12, 0.26)
        _building(canvas, x, foot - canvas.random.uniform(low, high), x + width, foot)
        x += width


def city_street(canvas: Canvas) -> None:
    random = canvas.random
    curb = canvas.floor = random.uniform(0.54, 0.62)
    canvas.sky(curb)
    _skyline(canvas, curb, 0.24, 0.56)
    canvas.gradient(curb, curb + 0.05, (168, 166, 162), (178, 176, 170))
    road = canvas.pick((78, 80, 86), (92, 90, 90))
    canvas.gradient(curb + 0.05, 1, road, mix(road, (50, 50, 56), 0.4))
    canvas.texture(curb + 0.05, 1, (40, 40, 44), 0.35, 30, 30)
    middle = curb + random.uniform(0.18, 0.28)
    for step in range(6):
        x = (step + random.uniform(-0.02, 0.02)) / 5
        canvas.rectangle(x - 0.06, middle, x + 0.05, middle + 0.018, (232, 226, 196))
    for x in (random.uniform(0.05, 0.35), random.uniform(0.65, 0.95)):
        canvas.line([(x, curb + 0.04), (x, curb - 0.3)], (52, 56, 60), 0.012)
        canvas.lamp(x, curb - 0.31, 0.018)


def market(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.54, 0.62)
    canvas.sky(floor)
    _skyline(canvas, floor, 0.2, 0.44)
    cloth = [(206, 52, 48), (240, 180, 50), (50, 130, 90), (60, 96, 170), (220, 110, 150)]
    for step in range(3):
        x0 = step / 3 + random.uniform(0.0, 0.04)
        x1, y = x0 + 0.28, floor - random.uniform(0.2, 0.26)
        canvas.rectangle(x0 + 0.01, y, x1 - 0.01, floor, (70, 52, 44))
        canvas.rectangle(x0, floor - 0.08, x1, floor + 0.03, canvas.pick((140, 98, 60), (120, 84, 56)))
        for _ in range(9):
            x = random.uniform(x0 + 0.02, x1 - 0.02)
            canvas.ellipse(
                x, floor - 0.085, 0.018, 0.018, canvas.pick((220, 60, 40), (90, 160, 60), (240, 190, 60))
            )
        stripes = [random.choice(cloth), (240, 236, 226)]
        for band in range(6):
            left = x0 + (x1 - x0) * band / 6
            canvas.rectangle(left, y - 0.05, left + (x1 - x0) / 6, y + 0.04, stripes[band % 2])
    string = random.uniform(0.14, 0.24)
    canvas.line([(0, string), (0.5, string + 0.06), (1, string)], (60, 50, 50), 0.005)
    for step in range(8):
        x = (step + 0.5) / 8
        canvas.lamp(x, string + 0.06 - 0.12 * abs(x - 0.5), 0.013, (255, 220, 130))
    canvas.gradient(floor + 0.03, 1, (150, 136, 124), (124, 112, 104))
    canvas.texture(floor + 0.03, 1, (60, 52, 48), 0.6, 18, 12)


def garden(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.48, 0.56)
    canvas.sky(floor)
    for _ in range(random.randint(1, 3)):
        broadleaf(canvas, random.random(), floor - 0.02, random.uniform(0.3, 0.46), (80, 130, 56))
    fence = canvas.pick((236, 234, 226), (150, 108, 70))
    top = floor - random.uniform(0.14, 0.2)
    canvas.rectangle(0, top + 0.04, 1, top + 0.06, fence)
    for step in range(21):
        x = step / 20
        canvas.polygon(
            [
                (x - 0.017, floor),
                (x - 0.017, top + 0.02),
                (x, top),
                (x + 0.017, top + 0.02),
                (x + 0.017, floor),
            ],
            fence,
        )
    grass(canvas, floor, canvas.pick((84, 160, 60), (104, 170, 70)), canvas.vary((110, 178, 80)))
    for _ in range(12):
        x, r = random.random(), random.uniform(0.03, 0.06)
        canvas.ellipse(x, floor + 0.01, r, r * 0.7, canvas.vary((52, 116, 48)))
    bloom = random.sample(
        [(230, 60, 90), (250, 210, 70), (240, 130, 190), (250, 250, 245), (140, 90, 200)], 3
    )
    for _ in range(40):
        canvas.ellipse(
            random.random(), floor + random.uniform(-0.04, 0.04), 0.012, 0.012, random.choice(bloom)
        )
    if random.random() < 0.6:
        x = random.uniform(0.3, 0.7)
        canvas.polygon(
            [(x - 0.04, floor + 0.04), (x + 0.04, floor + 0.04), (x + 0.2, 1), (x - 0.2, 1)], (206, 190, 160)
        )


def farm_yard(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.52, 0.6)
    canvas.sky(floor)
    canvas.ridge(floor, 0.08, canvas.vary((120, 156, 88)))
    x0, width = random.uniform(0.03, 0.5), random.uniform(0.36, 0.46)
    x1, eave, top = x0 + width, floor - 0.2, floor - 0.36
    barn = canvas.pick((166, 46, 40), (178, 62, 44), (140, 92, 60))
    middle = (x0 + x1) / 2
    canvas.polygon([(x0, floor + 0.02), (x0, eave), (middle, top), (x1, eave), (x1, floor + 0.02)], barn)
    canvas.line(
        [(x0 - 0.02, eave + 0.01), (middle, top - 0.01), (x1 + 0.02, eave + 0.01)], (92, 84, 80), 0.026
    )
    door = (middle - 0.07, floor - 0.14, middle + 0.07, floor + 0.02)
    canvas.rectangle(*door, (240, 236, 226))
    canvas.rectangle(door[0] + 0.012, door[1] + 0.012, door[2] - 0.012, door[3], mix(barn, (60, 30, 24), 0.5))
    canvas.line([(door[0], door[3]), (door[2], door[1])], (240, 236, 226), 0.012)
    canvas.window(middle - 0.03, eave - 0.06, middle + 0.03, eave - 0.01, True)
    if random.random() < 0.6:
        silo = x1 + 0.06 if x1 < 0.82 else x0 - 0.08
        canvas.rectangle(silo - 0.05, floor - 0.34, silo + 0.05, floor + 0.01, (176, 180, 184))
        canvas.ellipse(silo, floor - 0.34, 0.05, 0.04, (150, 154, 160))
    earth = canvas.pick((176, 140, 96), (158, 128, 92), (188, 158, 106))
    canvas.gradient(floor + 0.02, 1, earth, mix(earth, (120, 90, 60), 0.3))
    canvas.texture(floor + 0.02, 1, (226, 196, 110), 0.5, 30, 30)
    for y in (floor - 0.04, floor + 0.0):
        canvas.line([(0, y), (max(0.0, x0 - 0.02), y)], (226, 218, 200), 0.012)
        canvas.line([(x1 + 0.02, y), (1, y)], (226, 218, 200), 0.012)
    for _ in range(random.randint(0, 3)):
        canvas.ellipse(random.random(), floor + 0.03, 0.055, 0.045, canvas.vary((222, 186, 92)))


def railway(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.42, 0.5)
    canvas.sky(horizon)
    canvas.ridge(horizon, random.uniform(0.04, 0.14), canvas.pick((96, 128, 92), (126, 130, 100)))
    for _ in range(random.randint(1, 5)):
        broadleaf(canvas, random.random(), horizon + 0.01, random.uniform(0.1, 0.2), (72, 112, 60))
    grass(canvas, horizon, canvas.pick((126, 140, 78), (150, 140, 92)), (140, 150, 100))
    vanish, foot = random.uniform(0.3, 0.7), random.uniform(0.3, 0.7)
    canvas.polygon(
        [(vanish - 0.015, horizon), (vanish + 0.015, horizon), (foot + 0.5, 1), (foot - 0.5, 1)],
        (142, 132, 122),
    )
    canvas.texture(horizon + 0.1, 1, (84, 78, 74), 0.35, 50, 50)
    for step in range(12):
        t = (step / 11) ** 2.2
        y, x, w = horizon + 0.01 + (0.99 - horizon) * t, vanish + (foot - vanish) * t, 0.012 + 0.4 * t
        canvas.rectangle(x - w, y, x + w, y + 0.006 + 0.03 * t, (84, 62, 46))
    for side in (-1, 1):
        near = foot + side * 0.28
        rail = [
            (vanish + side * 0.004, horizon),
            (vanish + side * 0.009, horizon),
            (near + 0.02, 1),
            (near - 0.02, 1),
        ]
        canvas.polygon(rail, (178, 180, 186))
    for step in range(3):
        x, h = vanish - 0.12 - 0.16 * step, 0.12 + 0.14 * step
        canvas.line([(x, horizon + 0.05 * step), (x, horizon - h)], (84, 72, 62), 0.01 + 0.003 * step)
        canvas.line([(x - 0.04, horizon - h * 0.9), (x + 0.04, horizon - h * 0.9)], (84, 72, 62), 0.009)


def roof_top(canvas: Canvas) -> None:
    random = canvas.random
    edge = canvas.floor = random.uniform(0.56, 0.64)
    canvas.sky(edge)
    for _ in range(random.randint(8, 12)):
        x, height, width = random.random(), random.uniform(0.1, 0.42), random.uniform(0.05, 0.1)
        wall = mix(canvas.pick(*_WALLS), (150, 160, 180), 0.4)
        canvas.rectangle(x - width, edge - height, x + width, edge, wall)
        for _ in range(6):
            wx, wy = random.uniform(x - width, x + width - 0.02), edge - random.uniform(0.04, height)
            canvas.window(wx, wy, wx + 0.017, wy + 0.024, random.random() < 0.7)
    canvas.rectangle(0, edge - 0.07, 1, edge, canvas.pick((170, 120, 100), (160, 156, 150)))
    canvas.rectangle(0, edge - 0.085, 1, edge - 0.06, (200, 196, 190))
    deck = canvas.pick((128, 128, 130), (150, 134, 120), (110, 116, 122))
    canvas.gradient(edge, 1, deck, mix(deck, (70, 70, 74), 0.3))
    canvas.texture(edge, 1, (80, 80, 84), 0.4, 26, 26)
    side = random.choice([0.02, 0.76])
    canvas.rectangle(side, edge - 0.2, side + 0.2, edge + 0.04, (176, 174, 170))
    canvas.rectangle(side + 0.02, edge - 0.17, side + 0.1, edge - 0.06, (112, 114, 118))
    x = 1 - side - random.uniform(0.05, 0.2)
    canvas.line([(x, edge - 0.06), (x, edge - 0.36)], (60, 60, 64), 0.008)
    for step in range(3):
        y, w = edge - 0.34 + step * 0.04, 0.07 - step * 0.015
        canvas.line([(x - w, y), (x + w, y)], (60, 60, 64), 0.007)


def playground(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.48, 0.56)
    canvas.sky(floor)
    for _ in range(random.randint(2, 5)):
        broadleaf(canvas, random.random(), floor, random.uniform(0.2, 0.34), (84, 134, 64))
    ground = canvas.pick((226, 196, 140), (196, 110, 84), (110, 164, 90))
    canvas.gradient(floor, 1, ground, mix(ground, (120, 90, 60), 0.2))
    canvas.texture(floor, 1, mix(ground, (60, 40, 20), 0.6), 0.4, 24, 24)
    paint = random.sample([(224, 56, 48), (250, 196, 40), (44, 120, 200), (60, 170, 90)], 3)
    flip = random.random() < 0.5

    def across(x: float) -> float:
        return 1 - x if flip else x

    foot = floor + 0.06
    for a, b in ((0.08, 0.13), (0.42, 0.37)):
        canvas.line([(across(a), foot), (across(b), floor - 0.3)], paint[0], 0.018)
    canvas.line([(across(0.11), floor - 0.3), (across(0.39), floor - 0.3)], paint[0], 0.018)
    for x in (0.2, 0.31):
        for dx in (-0.025, 0.025):
            canvas.line(
                [(across(x + dx), floor - 0.3), (across(x + dx), floor - 0.03)], (120, 120, 124), 0.006
            )
        canvas.line([(across(x - 0.035), floor - 0.03), (across(x + 0.035), floor - 0.03)], paint[1], 0.016)
    canvas.polygon(
        [
            (across(0.66), floor - 0.27),
            (across(0.73), floor - 0.27),
            (across(0.98), foot),
            (across(0.9), foot),
        ],
        paint[1],
    )
    for x in (0.58, 0.66):
        canvas.line([(across(x), foot), (across(x), floor - 0.34)], paint[2], 0.018)
    for step in range(5):
        y = foot - 0.06 * (step + 1)
        canvas.line([(across(0.58), y), (across(0.66), y)], paint[2], 0.01)


def stadium(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.46, 0.54)
    canvas.sky(0.24)
    canvas.gradient(0.18, floor, (120, 124, 134), (150, 152, 160))
    crowd = [(214, 70, 60), (240, 240, 236), (60, 90, 170), (240, 200, 80), (70, 60, 60)]
    for row in range(7):
        y = 0.21 + (floor - 0.27) * row / 7
        for step in range(22):
            canvas.ellipse((step + random.uniform(0.1, 0.9)) / 22, y, 0.013, 0.014, random.choice(crowd))
    canvas.rectangle(0, floor - 0.05, 1, floor, canvas.pick((30, 60, 130), (190, 40, 40), (240, 240, 240)))
    grass = canvas.pick((66, 150, 60), (80, 164, 66))
    for band in range(7):
        colour = grass if band % 2 else mix(grass, (30, 90, 30), 0.3)
        top, bottom = (floor + (1 - floor) * ((band + k) / 7) ** 1.5 for k in (0, 1))
        canvas.rectangle(0, top, 1, bottom, colour)
    white = (240, 244, 240)
    side = random.uniform(0.1, 0.9)
    canvas.line([(0, floor + 0.05), (1, floor + 0.05)], white, 0.01)
    canvas.line([(side, floor + 0.05), (side * 2 - 0.5, 1)], white, 0.012)
    for x in (random.uniform(0.05, 0.2), random.uniform(0.8, 0.95)):
        canvas.line([(x, 0.2), (x, 0.05)], (90, 92, 98), 0.014)
        for step in range(3):
            canvas.lamp(x - 0.03 + 0.03 * step, 0.04, 0.014, (250, 250, 235))
