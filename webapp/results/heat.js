// Heat maps: numbers from the server, colours from here. All results of a query share one scale.

const SIDE = 64; // pixels of a painted map; the browser smooths the rest

function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

// The value between four patches, 0..1; at the rim that of the nearest patch.
function between(values, rows, columns, x, y) {
    const place = (position, count) => Math.min(count - 1, Math.max(0, position * count - 0.5));
    const [across, down] = [place(x, columns), place(y, rows)];
    const [left, top] = [Math.floor(across), Math.floor(down)];
    const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
    const [h, v] = [across - left, down - top];
    const row = (line) => values[line * columns + left] * (1 - h) + values[line * columns + right] * h;
    return (row(top) * (1 - v) + row(bottom) * v) / 255;
}

function colourOf(value) {
    const stops = props.colours;
    const position = value * (stops.length - 1);
    const low = Math.min(Math.floor(position), stops.length - 2);
    return stops[low].map((channel, i) => channel + (stops[low + 1][i] - channel) * (position - low));
}

function heatMap(result, grid) {
    const canvas = document.createElement("canvas");
    canvas.className = "results-heat";
    canvas.setAttribute("aria-hidden", "true");
    canvas.width = canvas.height = SIDE;
    const values = bytesOf(result.heat);
    const context = canvas.getContext("2d");
    const image = context.createImageData(SIDE, SIDE);
    for (let y = 0; y < SIDE; y += 1) {
        for (let x = 0; x < SIDE; x += 1) {
            const value = between(values, grid[0], grid[1], (x + 0.5) / SIDE, (y + 0.5) / SIDE);
            // where nothing is attended to, the picture stays as it is
            image.data.set([...colourOf(value), 255 * Math.sqrt(value)], 4 * (y * SIDE + x));
        }
    }
    context.putImageData(image, 0, 0);
    return canvas;
}
