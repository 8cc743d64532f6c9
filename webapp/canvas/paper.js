// The paper: puts a state on a <canvas>, as sharp as the screen, and knows where a pointer is on it.

const OUTSIDE = 0.04; // of the side: a pen that slips over the edge by less is still on the paper

class Paper {
    constructor(canvas, grid, penWidth, pictures) {
        this.canvas = canvas;
        this.grid = grid;
        this.penWidth = penWidth;
        this.pictures = pictures;
        this.pen = canvas.getContext("2d", { alpha: false });
        this.awaited = false;
    }

    // Paint before the next frame, once, whatever `source` then gives: {strokes, picture}.
    request(source) {
        if (this.awaited) return;
        this.awaited = true;
        requestAnimationFrame(() => {
            this.awaited = false;
            this.paint(source());
        });
    }

    paint({ strokes, picture }) {
        const side = Math.round(this.canvas.getBoundingClientRect().width * window.devicePixelRatio);
        if (side === 0) return; // hidden: painted when it is shown
        if (this.canvas.width !== side || this.canvas.height !== side) this.canvas.width = this.canvas.height = side;
        this.pen.setTransform(1, 0, 0, 1, 0, 0);
        this.pen.fillStyle = "#fff";
        this.pen.fillRect(0, 0, side, side);
        this.paintPicture(this.pictures.image(picture), side);
        const scale = side / (this.grid + 1);
        this.pen.setTransform(scale, 0, 0, scale, scale / 2, scale / 2);
        this.pen.lineWidth = this.penWidth;
        this.pen.lineCap = this.pen.lineJoin = "round";
        this.pen.strokeStyle = "#000";
        for (const stroke of strokes) this.paintStroke(stroke);
    }

    paintPicture(image, side) {
        if (image === null) return;
        const scale = side / Math.max(image.width, image.height);
        const [width, height] = [image.width * scale, image.height * scale];
        this.pen.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
    }

    paintStroke(stroke) {
        this.pen.beginPath();
        this.pen.moveTo(stroke[0], stroke[1]);
        for (let index = 0; index < stroke.length; index += 2) this.pen.lineTo(stroke[index], stroke[index + 1]);
        this.pen.stroke(); // a line from a point to itself is a dot: its ends are round
    }

    // Where a pointer event is: {point on the grid, inside}.
    place(event) {
        const box = this.canvas.getBoundingClientRect();
        const shares = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
        return {
            point: shares.map((share) => Math.min(this.grid, Math.max(0, Math.round(share * this.grid)))),
            inside: shares.every((share) => share >= -OUTSIDE && share <= 1 + OUTSIDE),
        };
    }

    // Grid units of a length on the screen.
    units(pixels) {
        return (pixels / this.canvas.clientWidth) * this.grid;
    }
}
