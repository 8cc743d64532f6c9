"""Painters of places on land in nature: each paints one place on a `Canvas`, never twice the same."""

from math import cos, sin

from stnet.data.scenes.canvas import Canvas, mix
from stnet.data.scenes.plants import broadleaf, conifer, frond, grass, palm


def meadow(canvas: Canvas) -> None:
    random = canvas.random
    horizon = canvas.floor = random.uniform(0.36, 0.52)
    canvas.sky(horizon)
    canvas.ridge(
        horizon, random.uniform(0.03, 0.14), canvas.pick((98, 142, 96), (120, 150, 90), (88, 124, 110))
    )
    for _ in range(random.randint(0, 4)):
        broadleaf(canvas, random.random(), horizon + 0.02, random.uniform(0.1, 0.26), (70, 118, 52))
    grass(canvas, horizon, canvas.pick((92, 158, 52), (112, 168, 60)), canvas.vary((134, 184, 88)))
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
        conifer(canvas, random.random(), horizon + 0.03, random.uniform(0.1, 0.3), (52, 84, 70), snowy=True)
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
    leaf = canvas.pick((60, 116, 56), (88, 130, 54), (50, 104, 74), (176, 120, 44))
    canvas.sky(0.4)
    canvas.gradient(0.12, floor + 0.01, mix(leaf, (210, 225, 190), 0.3), mix(leaf, (20, 30, 16), 0.3))
    canvas.texture(0, floor, mix(leaf, (10, 20, 8), 0.5), 0.9, 12, 12)
    canvas.gradient(floor, 1, mix(leaf, (110, 90, 50), 0.5), mix(leaf, (130, 100, 60), 0.6))
    canvas.texture(floor, 1, (46, 38, 20), 0.7, 22, 26)
    conifers = random.random() < 0.4
    for row in range(3):
        for _ in range(5 - row):
            x, width = random.random(), random.uniform(0.012, 0.022) * (row + 1)
            foot = floor + 0.03 * row
            if conifers:
                conifer(
                    canvas, x, foot, random.uniform(0.3, 0.5) * (1 + 0.25 * row), mix(leaf, (16, 40, 26), 0.4)
                )
            else:
                bark = canvas.pick((88, 66, 48), (70, 58, 50), (120, 104, 90))
                canvas.polygon(
                    [(x - width, foot), (x - width * 0.7, 0), (x + width * 0.7, 0), (x + width, foot)], bark
                )
    canvas.texture(0, 0.3, mix(leaf, (180, 210, 90), 0.25), 1.0, 7, 9)


def jungle(canvas: Canvas) -> None:
    random = canvas.random
    floor = canvas.floor = random.uniform(0.55, 0.64)
    leaf = canvas.pick((34, 136, 62), (54, 150, 52), (28, 120, 82))
    canvas.gradient(0, 1, mix(leaf, (190, 235, 150), 0.35), mix(leaf, (8, 36, 16), 0.6))
    canvas.texture(0, 1, (6, 40, 18), 0.7, 9, 9)
    for _ in range(5):
        palm(canvas, random.random(), floor + 0.03, random.uniform(0.35, 0.65))
    canvas.gradient(floor, 1, mix(leaf, (60, 60, 20), 0.4), mix(leaf, (70, 56, 30), 0.6))
    canvas.texture(floor, 1, (10, 50, 20), 0.8, 20, 20)
    for _ in range(18):
        side = random.choice([random.uniform(-0.02, 0.2), random.uniform(0.8, 1.02)])
        frond(canvas, side, random.uniform(0.0, 1.0), random.uniform(0.12, 0.26), leaf)
    for _ in range(4):
        x = random.random()
        canvas.line([(x, 0), (x + 0.03, 0.2), (x, random.uniform(0.25, 0.5))], (50, 90, 40), 0.009)


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
    grass(canvas, floor, canvas.pick((104, 128, 70), (128, 124, 96)), canvas.vary((120, 140, 90)))
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
