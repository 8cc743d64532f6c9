// Lines on the paper's grid. A point is [x, y]; a stroke as it is sent is flat: [x0, y0, x1, y1, ...].

function squaredDistance([x, y], [ax, ay], [bx, by]) {
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

// Ramer, Douglas and Peucker: as few of the points as stay within `tolerance` of the line.
function simplified(points, tolerance) {
    const kept = new Set([0, points.length - 1]);
    const spans = [[0, points.length - 1]];
    while (spans.length > 0) {
        const [first, last] = spans.pop();
        let farthest = null;
        let distance = tolerance ** 2;
        for (let index = first + 1; index < last; index++) {
            const here = squaredDistance(points[index], points[first], points[last]);
            if (here > distance) [farthest, distance] = [index, here];
        }
        if (farthest !== null) {
            kept.add(farthest);
            spans.push([first, farthest], [farthest, last]);
        }
    }
    return points.filter((_, index) => kept.has(index));
}

function pointsOf(stroke) {
    return Array.from({ length: stroke.length / 2 }, (_, index) => [stroke[2 * index], stroke[2 * index + 1]]);
}

function isNear(stroke, point, reach) {
    const points = pointsOf(stroke);
    return points.some((end, index) => squaredDistance(point, points[Math.max(0, index - 1)], end) <= reach ** 2);
}

// The points from one place to another, `step` apart, with the last.
function between([ax, ay], [bx, by], step) {
    const count = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / step));
    return Array.from({ length: count }, (_, index) => {
        const share = (index + 1) / count;
        return [ax + (bx - ax) * share, ay + (by - ay) * share];
    });
}
