// The frame on the large picture: first the box that the search found, then whatever is dragged.

const SMALLEST = 0.02; // of the picture: less is a click

let region = null; // x0, y0, x1, y1 in 0..1 of the picture

function setRegion(box) {
    region = box;
    const frame = part("large").querySelector(".results-frame");
    frame.hidden = box === null;
    if (box !== null) placeFrame(frame, box);
    action("region").disabled = box === null;
    followRegion(box);
}

function dragOn(stage) {
    let start = null;
    let before = null;
    const at = (event) => {
        const area = stage.getBoundingClientRect();
        const inside = (offset, length) => Math.min(1, Math.max(0, offset / length));
        return [inside(event.clientX - area.left, area.width), inside(event.clientY - area.top, area.height)];
    };
    const spanned = (event) => {
        const [x, y] = at(event);
        return [Math.min(x, start[0]), Math.min(y, start[1]), Math.max(x, start[0]), Math.max(y, start[1])];
    };
    stage.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        stage.setPointerCapture(event.pointerId);
        [start, before] = [at(event), region];
    });
    stage.addEventListener("pointermove", (event) => {
        if (start !== null) setRegion(spanned(event));
    });
    const end = (event) => {
        if (start === null) return;
        const box = event.type === "pointerup" ? spanned(event) : before;
        start = null;
        const large = box !== null && box[2] - box[0] >= SMALLEST && box[3] - box[1] >= SMALLEST;
        setRegion(large ? box : before);
    };
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
}
