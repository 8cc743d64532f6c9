"""Painters of places by, above and under water: each paints one place on a `Canvas`."""

from stnet.data.scenes.canvas import Canvas, mix
from stnet.data.scenes.plants import conifer, palm


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
        palm(
            canvas, random.choice([random.uniform(0.02, 0.15), random.uniform(0.85, 0.98)]), shore + 0.1, 0.45
        )
    if random.random() < 0.4:
        x = random.uniform(0.15, 0.85)
        canvas.line([(x, shore + 0.1), (x, shore - 0.16)], (230, 230, 225), 0.01)
        roof = [(x - 0.11, shore - 0.1), (x, shore - 0.2), (x + 0.11, shore - 0.1)]
        canvas.polygon(roof, canvas.pick((214, 60, 54), (240, 190, 50), (50, 130, 190)))


def lake_shore(canvas: Canvas) -> None:
    random = canvas.random
    horizon = random.uniform(0.3, 0.4)
    shore = canvas.floor = horizon + random.uniform(0.2, 0.28)
    canvas.sky(horizon)
    hill = canvas.pick((84, 118, 104), (70, 104, 76), (104, 120, 136))
    canvas.ridge(horizon, random.uniform(0.1, 0.2), hill, 7, bottom=horizon)
    for _ in range(14):
        conifer(canvas, random.random(), horizon + 0.01, random.uniform(0.05, 0.1), (44, 82, 58))
    water = canvas.pick((74, 124, 150), (60, 110, 128), (96, 140, 160))
    canvas.gradient(horizon, shore + 0.04, mix(water, hill, 0.5), water)
    canvas.texture(horizon, shore, (230, 240, 245), 0.45, 18, 3)
    edge = [(i / 7, shore + random.uniform(-0.03, 0.03)) for i in range(8)]
    canvas.polygon([(0, 1), *edge, (1, 1)], canvas.pick((120, 116, 98), (96, 134, 70), (142, 128, 100)))
    canvas.texture(shore + 0.04, 1, (60, 60, 40), 0.6, 20, 26)
    for _ in range(random.randint(6, 14)):
        x, side = random.choice([0.0, 0.75]) + random.random() * 0.25, random.uniform(-0.02, 0.02)
        canvas.line([(x, shore + 0.05), (x + side, shore - random.uniform(0.05, 0.16))], (94, 122, 58), 0.008)


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


def swimming_pool(canvas: Canvas) -> None:
    random = canvas.random
    edge = random.uniform(0.32, 0.4)
    deck = canvas.floor = random.uniform(0.62, 0.7)
    canvas.sky(edge)
    for _ in range(9):
        x, r = random.random(), random.uniform(0.05, 0.11)
        canvas.ellipse(x, edge - 0.03, r, r * 0.8, canvas.vary((54, 122, 60), 20))
    canvas.gradient(edge - 0.01, edge + 0.05, (226, 216, 198), (232, 224, 208))
    water = canvas.pick((40, 172, 214), (60, 190, 214), (30, 150, 206))
    canvas.gradient(edge + 0.05, deck, mix(water, (20, 110, 180), 0.3), mix(water, (200, 245, 250), 0.3))
    canvas.texture(edge + 0.05, deck, (225, 250, 252), 0.8, 14, 12)
    for step in range(random.randint(0, 3)):
        y = edge + 0.1 + step * 0.07
        for x in range(20):
            canvas.ellipse(x / 19, y, 0.011, 0.008, (220, 60, 60) if x % 2 else (245, 245, 245))
    stone = canvas.pick((224, 210, 188), (208, 206, 204))
    canvas.gradient(deck, 1, stone, mix(stone, (150, 130, 110), 0.2))
    canvas.rectangle(0, deck - 0.012, 1, deck + 0.012, (244, 244, 240))
    for step in range(-3, 9):
        canvas.line(
            [(0.5 + (step / 6 - 0.5) * 0.8, deck), (0.5 + (step / 6 - 0.5) * 1.6, 1)],
            mix(stone, (110, 100, 90), 0.4),
            0.006,
        )
    canvas.line([(0, (1 + deck) / 2), (1, (1 + deck) / 2)], mix(stone, (110, 100, 90), 0.4), 0.006)


def bridge(canvas: Canvas) -> None:
    random = canvas.random
    horizon = random.uniform(0.3, 0.36)
    deck = canvas.floor = random.uniform(0.6, 0.66)
    canvas.sky(horizon)
    canvas.ridge(horizon, 0.08, canvas.pick((90, 120, 100), (110, 124, 140)), bottom=horizon)
    water = canvas.pick((66, 120, 150), (84, 126, 130), (50, 100, 140))
    canvas.gradient(horizon, deck, mix(water, (180, 210, 225), 0.3), water)
    canvas.texture(horizon, deck, (230, 240, 245), 0.5, 20, 4)
    steel = canvas.pick((190, 62, 44), (120, 130, 140), (70, 100, 120))
    towers = (random.uniform(0.1, 0.24), random.uniform(0.76, 0.9))
    top = random.uniform(0.06, 0.12)
    canvas.line([(-0.1, deck - 0.2), (towers[0], top)], steel, 0.012)
    canvas.line([(towers[1], top), (1.1, deck - 0.2)], steel, 0.012)
    span = towers[1] - towers[0]
    cable = [
        (towers[0] + span * i / 10, top + (deck - 0.16 - top) * (1 - (i / 5 - 1) ** 2)) for i in range(11)
    ]
    canvas.line(cable, steel, 0.014)
    for x, y in cable[1:-1]:
        canvas.line([(x, y), (x, deck)], steel, 0.006)
    for x in towers:
        canvas.rectangle(x - 0.022, top - 0.02, x + 0.022, deck, steel)
    canvas.rectangle(0, deck - 0.09, 1, deck - 0.07, mix(steel, (255, 255, 255), 0.2))
    for step in range(25):
        canvas.line([(step / 24, deck - 0.08), (step / 24, deck)], steel, 0.006)
    canvas.gradient(deck, 1, (146, 140, 134), (112, 108, 106))
    for step in range(1, 5):
        y = deck + (1 - deck) * (step / 5) ** 1.4
        canvas.line([(0, y), (1, y)], (92, 88, 86), 0.007)
    canvas.texture(deck, 1, (60, 56, 56), 0.4, 20, 30)


def harbour(canvas: Canvas) -> None:
    random = canvas.random
    horizon = random.uniform(0.32, 0.4)
    quay = canvas.floor = random.uniform(0.62, 0.68)
    canvas.sky(horizon)
    canvas.ridge(horizon, 0.06, canvas.vary((112, 130, 142)), bottom=horizon)
    sea = canvas.pick((48, 98, 124), (58, 110, 140), (70, 108, 112))
    canvas.gradient(horizon, quay, mix(sea, (170, 200, 215), 0.3), sea)
    canvas.texture(horizon, quay, (225, 240, 245), 0.4, 22, 8)
    for _ in range(random.randint(3, 6)):
        x, y = random.uniform(0.05, 0.95), random.uniform(horizon + 0.07, quay - 0.06)
        length = 0.05 + (y - horizon) * 0.4
        mast = y - length * random.uniform(1.8, 2.6)
        canvas.line([(x, y), (x, mast)], (220, 214, 204), 0.008)
        if random.random() < 0.6:
            canvas.polygon(
                [(x + 0.008, mast), (x + 0.008, y - 0.03), (x + length * 0.9, y - 0.03)], (244, 240, 230)
            )
        hull = [
            (x - length, y - 0.03),
            (x + length, y - 0.03),
            (x + length * 0.7, y + 0.025),
            (x - length * 0.7, y + 0.025),
        ]
        canvas.polygon(hull, canvas.pick((190, 50, 46), (40, 76, 130), (240, 240, 236), (40, 100, 80)))
    plank = canvas.pick((140, 108, 78), (156, 150, 144), (122, 100, 80))
    canvas.gradient(quay, 1, mix(plank, (230, 220, 200), 0.2), plank)
    for step in range(-2, 13):
        canvas.line(
            [(0.5 + (step / 10 - 0.5), quay), (0.5 + (step / 10 - 0.5) * 1.7, 1)],
            mix(plank, (40, 30, 24), 0.5),
            0.007,
        )
    for x in (random.uniform(0.05, 0.3), random.uniform(0.7, 0.95)):
        canvas.rectangle(x - 0.025, quay - 0.07, x + 0.025, quay + 0.02, (66, 58, 54))
        canvas.ellipse(x, quay - 0.07, 0.032, 0.015, (84, 76, 70))
