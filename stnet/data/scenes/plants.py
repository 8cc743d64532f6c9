"""Trees, leaves and grass, painted on a `Canvas` by several places."""

from math import cos, sin

from stnet.data.scenes.canvas import Canvas, Colour, mix


def broadleaf(canvas: Canvas, x: float, foot: float, height: float, leaf: Colour) -> None:
    """A tree with a round crown, `height` tall, standing at (`x`, `foot`)."""
    uniform = canvas.random.uniform
    canvas.rectangle(x - height * 0.05, foot - height * 0.5, x + height * 0.05, foot, (92, 68, 48))
    for _ in range(5):
        dx, dy, r = uniform(-0.22, 0.22) * height, uniform(0.5, 0.85) * height, uniform(0.17, 0.28) * height
        canvas.ellipse(x + dx, foot - dy, r, r * 0.85, canvas.vary(leaf, 16))


def conifer(canvas: Canvas, x: float, foot: float, height: float, leaf: Colour, snowy: bool = False) -> None:
    """A fir tree, `height` tall, standing at (`x`, `foot`)."""
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


def palm(canvas: Canvas, x: float, foot: float, height: float) -> None:
    """A palm tree, about `height` tall, standing at (`x`, `foot`)."""
    lean = canvas.random.uniform(-0.25, 0.25) * height
    top = (x + lean, foot - height)
    canvas.line([(x, foot), (x + lean * 0.35, foot - height * 0.55), top], (122, 94, 62), height * 0.06)
    for step in range(7):
        angle = 3.3 + step * 0.48
        reach = height * canvas.random.uniform(0.36, 0.48)
        bend = (top[0] + cos(angle) * reach * 0.6, top[1] + sin(angle) * reach * 0.5)
        tip = (top[0] + cos(angle) * reach, top[1] + sin(angle) * reach * 0.45 + 0.1 * height)
        canvas.line([top, bend, tip], canvas.vary((52, 122, 52), 18), height * 0.05)


def frond(canvas: Canvas, x: float, y: float, reach: float, leaf: Colour) -> None:
    """One long leaf that grows from (`x`, `y`)."""
    angle = canvas.random.uniform(-3.6, 0.4)
    tip = (x + cos(angle) * reach, y + sin(angle) * reach * 0.8)
    middle, width = ((x + tip[0]) / 2, (y + tip[1]) / 2), reach * 0.2
    across = (-sin(angle) * width, cos(angle) * width)
    sides = [(middle[0] + s * across[0], middle[1] + s * across[1]) for s in (1, -1)]
    canvas.polygon([(x, y), sides[0], tip, sides[1]], canvas.vary(leaf, 34))


def grass(canvas: Canvas, horizon: float, near: Colour, far: Colour) -> None:
    """Grass from `horizon` down to the lower edge."""
    canvas.gradient(horizon, 1, far, near)
    canvas.texture(horizon, 1, mix(near, (20, 40, 10), 0.6), 0.5, 40, 30)
    canvas.texture(horizon, 1, mix(near, (240, 240, 150), 0.5), 0.3, 12, 12)
