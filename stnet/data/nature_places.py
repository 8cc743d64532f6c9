"""Painters of places in nature: each paints one place on a `Canvas`, never twice the same."""

from math import cos, sin

from stnet.data.canvas import Canvas, Colour, mix


def _broadleaf(canvas: Canvas, x: float, foot: float, height: float, leaf: Colour) -> None:
    uniform = canvas.random.uniform
    canvas.rectangle(x - height * 0.05, foot - height * 0.5, x + height * 0.05, foot, (92, 68, 48))
    for _ in range(5):
        dx, dy, r = uniform(-0.22, 0.22) * height, uniform(0.5, 0.85) * height, uniform(0.17, 0.28) * height
        canvas.ellipse(x + dx, foot - dy, r, r * 0.85, canvas.vary(leaf, 16))


def _conifer(canvas: Canvas, x: float, foot: float, height: float, leaf: Colour, snowy: bool = False) -> None:
    canvas.rectangle(x - height * 0.03, foot - height * 0.15, x + height * 0.03, foot, (80, 60, 44))
    for step in range(3):
        low, width = foot - height * (0.1 + 0.26 * step), height * (0.26 - 0.06 * step)
        tip = (x, low - height * 0.42)
        canvas.polygon([(x - width, low), tip, (x + width, low)], canvas.vary(leaf, 10))
        if snowy:
            canvas.polygon(
                [(x - width * 0.5, low - height * 0.2), tip, (x + width * 0.4, low - height * 0.22)],
                (235, 240, 248),
            )


def _palm(canvas: Canvas, x: float, foot: float, height: float) -> None:
    lean = canvas.random.uniform(-0.25, 0.25) * height
    top = (x + lean, foot - height)
    canvas.line([(x, foot), (x + lean * 0.35, foot - height * 0.55), top], (122, 94, 62), height * 0.06)
    for step in range(7):
        angle = 3.3 + step * 0.48
        reach = height * canvas.random.uniform(0.36, 0.48)
        bend = (top[0] + cos(angle) * reach * 0.6, top[1] + sin(angle) * reach * 0.5)
        tip = (top[0] + cos(angle) * reach, top[1] + sin(angle) * reach * 0.45 + 0.1 * height)
        canvas.line([top, bend, tip], canvas.vary((52, 122, 52), 18), height * 0.05)


def _grass(canvas: Canvas, horizon: float, near: Colour, far: Colour) -> None:
    canvas.gradient(horizon, 1, far, near)
    canvas.texture(horizon, 1, mix(near, (20, 40, 10), 0.6), 0.5, 40, 30)
    canvas.texture(horizon, 1, mix(near, (240, 240, 150), 0.5), 0.3, 12, 12)


def meadow(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.36, 0.52)
    canvas.sky(horizon)
    canvas.ridge(
        horizon, random.uniform(0.03, 0.14), canvas.pick((98, 142, 96), (120, 150, 90), (88, 124, 110))
    )
    for _ in range(random.randint(0, 4)):
        _broadleaf(canvas, random.random(), horizon + 0.02, random.uniform(0.1, 0.26), (70, 118, 52))
    _grass(canvas, horizon, canvas.pick((92, 158, 52), (112, 168, 60)), canvas.vary((134, 184, 88)))
    petals = random.sample([(250, 236, 90), (250, 250, 250), (226, 84, 92), (190, 120, 220)], 2)
    for _ in range(random.randint(25, 60)):
        y = random.uniform(horizon + 0.04, 1)
        r = 0.003 + 0.009 * (y - horizon)
        canvas.ellipse(random.random(), y, r, r, random.choice(petals))


def wheat_field(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.34, 0.48)
    canvas.sky(horizon)
    canvas.ridge(horizon, 0.05, canvas.pick((92, 122, 70), (110, 120, 84)))
    near = canvas.pick((212, 168, 62), (226, 186, 84))
    canvas.gradient(horizon, 1, mix(near, (250, 225, 150), 0.4), near)
    vanishing = random.uniform(0.2, 0.8)
    for step in range(-9, 20):
        x = step / 10
        canvas.line([(vanishing + (x - 0.5) * 0.12, horizon), (x, 1)], mix(near, (140, 92, 20), 0.35), 0.006)
    canvas.texture(horizon, 1, (150, 104, 28), 0.55, 50, 64)


def beach(canvas: Canvas) -> None:
    random = canvas.random
    horizon = random.uniform(0.28, 0.42)
    shore = canvas.floor = horizon + random.uniform(0.1, 0.22)
    canvas.sky(horizon)
    sea = canvas.pick((28, 118, 168), (40, 150, 176), (54, 112, 150))
    canvas.gradient(horizon, shore + 0.03, mix(sea, (10, 50, 100), 0.3), mix(sea, (190, 235, 230), 0.45))
    canvas.texture(horizon, shore, (235, 245, 250), 0.4, 14, 6)
    sand = canvas.pick((236, 212, 160), (226, 196, 140), (240, 224, 184))
    wave = [(i / 8, shore + random.uniform(-0.015, 0.015)) for i in range(9)]
    canvas.polygon([(0, 1), *wave, (1, 1)], (246, 250, 250))
    canvas.polygon([(0, 1), *[(x, y + 0.018) for x, y in wave], (1, 1)], mix(sand, (130, 100, 70), 0.3))
    canvas.polygon([(0, 1), *[(x, y + 0.05) for x, y in wave], (1, 1)], sand)
    canvas.texture(shore + 0.07, 1, (170, 132, 84), 0.3, 16, 16)
    if random.random() < 0.5:
        _palm(
            canvas, random.choice([random.uniform(0.02, 0.15), random.uniform(0.85, 0.98)]), shore + 0.1, 0.45
        )
    if random.random() < 0.4:
        x = random.uniform(0.15, 0.85)
        canvas.line([(x, shore + 0.1), (x, shore - 0.16)], (230, 230, 225), 0.01)
        roof = [(x - 0.11, shore - 0.1), (x, shore - 0.2), (x + 0.11, shore - 0.1)]
        canvas.polygon(roof, canvas.pick((214, 60, 54), (240, 190, 50), (50, 130, 190)))


def desert(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.38, 0.54)
    canvas.sky(horizon)
    sand = canvas.pick((222, 164, 92), (232, 184, 118), (206, 136, 78))
    canvas.ridge(
        horizon + 0.02, random.uniform(0.08, 0.2), mix(sand, (140, 80, 60), 0.4), random.randint(3, 6)
    )
    canvas.gradient(horizon, 1, mix(sand, (250, 220, 170), 0.3), sand)
    for _ in range(3):
        y = random.uniform(horizon + 0.05, 0.95)
        crest = [(i / 4, y + random.uniform(-0.06, 0.06)) for i in range(5)]
        canvas.polygon([(0, y + 0.2), *crest, (1, y + 0.2)], canvas.vary(sand, 18))
    canvas.texture(horizon, 1, mix(sand, (110, 60, 30), 0.6), 0.35, 48, 8)
    for _ in range(random.randint(1, 4)):
        x, foot, h = random.random(), horizon + random.uniform(0, 0.06), random.uniform(0.1, 0.22)
        green = canvas.vary((62, 112, 62))
        canvas.line([(x, foot), (x, foot - h)], green, 0.024)
        for side in (-1, 1):
            elbow = (x + side * h * 0.28, foot - h * random.uniform(0.35, 0.5))
            canvas.line([(x, elbow[1]), elbow, (elbow[0], elbow[1] - h * 0.3)], green, 0.017)


def snow_field(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.38, 0.52)
    canvas.sky(horizon)
    canvas.ridge(horizon + 0.02, random.uniform(0.05, 0.16), (196, 212, 230))
    for _ in range(random.randint(3, 9)):
        _conifer(canvas, random.random(), horizon + 0.03, random.uniform(0.1, 0.3), (52, 84, 70), snowy=True)
    canvas.gradient(horizon, 1, (222, 232, 244), (244, 247, 252))
    for _ in range(3):
        y = random.uniform(horizon + 0.05, 0.9)
        crest = [(i / 3, y + random.uniform(-0.04, 0.04)) for i in range(4)]
        canvas.polygon([(0, 1), *crest, (1, 1)], canvas.vary((234, 241, 250), 10))
    canvas.texture(horizon, 1, (150, 180, 220), 0.35, 9, 7)
    if random.random() < 0.5:
        for _ in range(50):
            canvas.ellipse(random.random(), random.random(), 0.005, 0.005, (250, 250, 255))


def forest(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.52, 0.62)
    leaf = canvas.pick((46, 92, 44), (70, 108, 42), (38, 84, 60), (150, 104, 36))
    canvas.sky(0.4)
    canvas.gradient(0.12, floor + 0.01, mix(leaf, (210, 225, 190), 0.3), mix(leaf, (20, 30, 16), 0.3))
    canvas.texture(0, floor, mix(leaf, (10, 20, 8), 0.5), 0.9, 12, 12)
    conifers = random.random() < 0.4
    for row in range(3):
        for _ in range(5 - row):
            x, width = random.random(), random.uniform(0.012, 0.022) * (row + 1)
            foot = floor + 0.03 * row
            if conifers:
                _conifer(
                    canvas, x, foot, random.uniform(0.3, 0.5) * (1 + 0.25 * row), mix(leaf, (16, 40, 26), 0.4)
                )
            else:
                bark = canvas.pick((88, 66, 48), (70, 58, 50), (120, 104, 90))
                canvas.polygon(
                    [(x - width, foot), (x - width * 0.7, 0), (x + width * 0.7, 0), (x + width, foot)], bark
                )
    canvas.texture(0, 0.3, mix(leaf, (180, 210, 90), 0.25), 1.0, 7, 9)
    canvas.gradient(floor + 0.05, 1, mix(leaf, (90, 70, 40), 0.5), mix(leaf, (110, 84, 50), 0.6))
    canvas.texture(floor + 0.05, 1, (46, 38, 20), 0.7, 22, 26)


def jungle(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.55, 0.64)
    leaf = canvas.pick((24, 110, 50), (40, 124, 40), (20, 96, 66))
    canvas.gradient(0, 1, mix(leaf, (190, 235, 150), 0.35), mix(leaf, (8, 36, 16), 0.6))
    canvas.texture(0, 1, (6, 30, 14), 0.8, 9, 9)
    for _ in range(5):
        _palm(canvas, random.random(), floor + 0.03, random.uniform(0.35, 0.65))
    canvas.gradient(floor, 1, mix(leaf, (60, 60, 20), 0.4), mix(leaf, (70, 56, 30), 0.6))
    canvas.texture(floor, 1, (10, 50, 20), 0.8, 20, 20)
    for _ in range(18):
        side = random.choice([random.uniform(-0.02, 0.2), random.uniform(0.8, 1.02)])
        _frond(canvas, side, random.uniform(0.0, 1.0), random.uniform(0.12, 0.26), leaf)
    for _ in range(4):
        x = random.random()
        canvas.line([(x, 0), (x + 0.03, 0.2), (x, random.uniform(0.25, 0.5))], (50, 90, 40), 0.009)


def _frond(canvas: Canvas, x: float, y: float, reach: float, leaf: Colour) -> None:
    angle = canvas.random.uniform(-3.6, 0.4)
    tip = (x + cos(angle) * reach, y + sin(angle) * reach * 0.8)
    middle, width = ((x + tip[0]) / 2, (y + tip[1]) / 2), reach * 0.2
    across = (-sin(angle) * width, cos(angle) * width)
    sides = [(middle[0] + s * across[0], middle[1] + s * across[1]) for s in (1, -1)]
    canvas.polygon([(x, y), sides[0], tip, sides[1]], canvas.vary(leaf, 34))


def lake_shore(canvas: Canvas) -> None:
    random = canvas.random
    horizon = random.uniform(0.3, 0.4)
    shore = canvas.floor = horizon + random.uniform(0.2, 0.28)
    canvas.sky(horizon)
    hill = canvas.pick((84, 118, 104), (70, 104, 76), (104, 120, 136))
    canvas.ridge(horizon, random.uniform(0.1, 0.2), hill, 7, bottom=horizon)
    for _ in range(14):
        _conifer(canvas, random.random(), horizon + 0.01, random.uniform(0.05, 0.1), (44, 82, 58))
    water = canvas.pick((74, 124, 150), (60, 110, 128), (96, 140, 160))
    canvas.gradient(horizon, shore + 0.04, mix(water, hill, 0.5), water)
    canvas.texture(horizon, shore, (230, 240, 245), 0.45, 18, 3)
    edge = [(i / 7, shore + random.uniform(-0.03, 0.03)) for i in range(8)]
    canvas.polygon([(0, 1), *edge, (1, 1)], canvas.pick((120, 116, 98), (96, 134, 70), (142, 128, 100)))
    canvas.texture(shore + 0.04, 1, (60, 60, 40), 0.6, 20, 26)
    for _ in range(random.randint(6, 14)):
        x, side = random.choice([0.0, 0.75]) + random.random() * 0.25, random.uniform(-0.02, 0.02)
        canvas.line([(x, shore + 0.05), (x + side, shore - random.uniform(0.05, 0.16))], (94, 122, 58), 0.008)


def mountains(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.5, 0.6)
    canvas.sky(floor)
    rock = canvas.pick((112, 120, 140), (128, 116, 112), (92, 108, 132))
    for x in sorted((random.uniform(-0.1, 1.1) for _ in range(4)), key=lambda x: abs(x - 0.5), reverse=True):
        top, width = random.uniform(0.06, 0.24), random.uniform(0.26, 0.45)
        shade = canvas.vary(rock, 18)
        canvas.polygon([(x - width, floor + 0.02), (x, top), (x + width, floor + 0.02)], shade)
        lit = [(x, top), (x + width, floor + 0.02), (x + 0.1 * width, floor + 0.02), (x - 0.05, top + 0.2)]
        canvas.polygon(lit, mix(shade, (30, 34, 50), 0.3))
        w = width * 0.3
        snow = [(x - w, top + 0.14), (x, top), (x + w, top + 0.14), (x + w * 0.4, top + 0.1), (x, top + 0.16)]
        canvas.polygon([*snow, (x - w * 0.4, top + 0.1)], (244, 247, 252))
    canvas.ridge(floor + 0.02, 0.07, canvas.vary((70, 96, 66)))
    _grass(canvas, floor, canvas.pick((104, 128, 70), (128, 124, 96)), canvas.vary((120, 140, 90)))
    for _ in range(random.randint(4, 12)):
        y = random.uniform(floor + 0.03, 0.98)
        r = random.uniform(0.01, 0.05) * (y - floor + 0.3)
        canvas.ellipse(random.random(), y, r * 1.5, r, canvas.pick((130, 130, 128), (110, 108, 104)))


def cave(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.52, 0.62)
    canvas.tint = (0.85, 0.8, 0.76)
    rock = canvas.pick((86, 74, 66), (72, 72, 80), (98, 80, 60))
    canvas.gradient(0, 1, mix(rock, (16, 14, 14), 0.6), rock)
    canvas.texture(0, 1, (14, 12, 12), 0.9, 10, 10)
    x, width = random.uniform(0.25, 0.75), random.uniform(0.12, 0.22)
    outside = {"day": (206, 226, 240), "dusk": (250, 170, 100), "night": (24, 32, 70)}[canvas.light]
    canvas.blob(x, floor - 0.16, width * 2.4, 0.45, outside, 0.5, glow=True)
    arch = [(x + width * cos(a / 10 * 3.15), floor - 0.3 * sin(a / 10 * 3.15)) for a in range(11)]
    canvas.polygon([(px + random.uniform(-0.02, 0.02), py) for px, py in arch], outside, glow=True)
    canvas.gradient(floor, 1, mix(rock, (40, 34, 30), 0.3), mix(rock, (150, 130, 110), 0.25))
    canvas.texture(floor, 1, (18, 14, 12), 0.8, 16, 16)
    for _ in range(random.randint(7, 14)):
        cx, w, h = random.random(), random.uniform(0.015, 0.05), random.uniform(0.08, 0.34)
        canvas.polygon([(cx - w, 0), (cx + w, 0), (cx, h)], canvas.vary(mix(rock, (20, 18, 18), 0.3), 12))
    for _ in range(random.randint(2, 6)):
        cx, w = random.choice([random.uniform(0, 0.2), random.uniform(0.8, 1)]), random.uniform(0.03, 0.06)
        foot = floor + 0.06
        canvas.polygon(
            [(cx - w, foot), (cx + w, foot), (cx, foot - random.uniform(0.1, 0.25))], canvas.vary(rock)
        )


def underwater(canvas: Canvas) -> None:
    random = canvas.random
    canvas.floor, canvas.shadows, canvas.tint = 0.3, False, (0.72, 0.92, 1.02)
    water = canvas.pick((20, 120, 170), (14, 140, 160), (30, 96, 160))
    canvas.gradient(0, 1, mix(water, (170, 240, 245), 0.5), mix(water, (0, 30, 70), 0.5))
    for _ in range(random.randint(3, 6)):
        x, lean, w = random.random(), random.uniform(-0.25, 0.25), random.uniform(0.02, 0.05)
        ray = [(x - w, 0), (x + w, 0), (x + lean + 3 * w, 0.8), (x + lean - w, 0.8)]
        canvas.polygon(ray, mix(water, (190, 245, 250), 0.3))
    canvas.texture(0, 1, mix(water, (200, 250, 250), 0.4), 0.5, 8, 4)
    bed = random.uniform(0.78, 0.86)
    canvas.ridge(bed, 0.06, mix((206, 190, 140), water, 0.35))
    canvas.texture(bed, 1, mix((90, 80, 50), water, 0.4), 0.5, 8, 20)
    for _ in range(random.randint(6, 12)):
        x, foot, height = random.random(), random.uniform(bed, 0.98), random.uniform(0.1, 0.3)
        weed = canvas.pick((30, 120, 60), (80, 130, 40), (150, 60, 80))
        sway = random.uniform(-0.05, 0.05)
        points = [
            (x, foot),
            (x + sway, foot - height * 0.4),
            (x - sway, foot - height * 0.7),
            (x + sway, foot - height),
        ]
        canvas.line(points, weed, 0.014)
    for _ in range(random.randint(2, 5)):
        cx, cy, r = random.random(), random.uniform(bed, 0.97), random.uniform(0.03, 0.07)
        canvas.ellipse(cx, cy, r, r * 0.8, canvas.pick((226, 100, 110), (240, 150, 80), (180, 100, 190)))
    for _ in range(random.randint(8, 20)):
        x, y, r = random.random(), random.random() * bed, random.uniform(0.004, 0.012)
        canvas.ellipse(x, y, r, r, (200, 240, 250))


def moon(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.42, 0.54)
    canvas.gradient(0, horizon, (4, 4, 10), (14, 14, 26), glow=True)
    for _ in range(60):
        r = random.uniform(0.002, 0.006)
        canvas.ellipse(random.random(), random.random() * horizon, r, r, (220, 222, 235), glow=True)
    if random.random() < 0.8:
        x, y, r = random.uniform(0.15, 0.85), random.uniform(0.1, 0.25), random.uniform(0.05, 0.1)
        canvas.ellipse(x, y, r, r, (60, 110, 190), glow=True)
        canvas.ellipse(x - r * 0.2, y + r * 0.1, r * 0.5, r * 0.4, (80, 150, 100), glow=True)
        canvas.blob(x + r * 0.4, y - r * 0.3, r * 0.8, r * 0.3, (240, 245, 250), 0.9, glow=True)
    dust = canvas.pick((150, 150, 150), (164, 160, 152), (132, 134, 142))
    canvas.ridge(horizon, random.uniform(0.03, 0.1), mix(dust, (60, 60, 66), 0.4), 8)
    canvas.gradient(horizon, 1, mix(dust, (80, 80, 84), 0.2), dust)
    canvas.texture(horizon, 1, (70, 70, 76), 0.5, 24, 24)
    for _ in range(random.randint(6, 14)):
        y = random.uniform(horizon + 0.03, 0.98)
        r = random.uniform(0.03, 0.16) * (y - horizon + 0.15)
        x = random.random()
        canvas.ellipse(x, y, r * 1.8, r * 0.7, mix(dust, (245, 245, 245), 0.35))
        canvas.ellipse(x, y + r * 0.12, r * 1.6, r * 0.55, mix(dust, (50, 50, 56), 0.5))
