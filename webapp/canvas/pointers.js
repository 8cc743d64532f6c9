// Drawing and erasing with whatever points: one pointer at a time.

const TOLERANCE = 3; // grid units by which a sent stroke may leave the drawn one
const LONGEST_TRAIL = 2000; // samples of one stroke; then the next begins where it ends
const ERASER_REACH = { mouse: 8, pen: 8, touch: 14 }; // pixels on the screen

function room() {
    const strokes = [...history.now.strokes, ...(pointer?.drawn ?? [])];
    const points = strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0);
    return strokes.length < props.most_strokes ? props.most_points - points : 0;
}

function finishTrail() {
    const trail = pointer.trail;
    pointer.trail = null;
    let points = simplified(trail, TOLERANCE);
    const free = room();
    if (points.length > free) points = simplified(trail, TOLERANCE * 4).slice(0, free);
    if (points.length > 0) pointer.drawn.push(points.flat());
    if (room() === 0) complainFull();
}

function complainFull() {
    complain(
        `The paper is full: ${props.most_strokes} strokes or ${props.most_points} points. Undo or erase some.`,
    );
}

function draw({ point, inside }) {
    const trail = pointer.trail;
    if (!trail && inside && room() > 0) {
        pointer.trail = [point];
        part("invitation").hidden = true;
        return;
    }
    if (!trail) return;
    const last = trail[trail.length - 1];
    if (last[0] !== point[0] || last[1] !== point[1]) trail.push(point);
    if (!inside) finishTrail(); // the pen left the paper; where it comes back, a new stroke begins
    else if (trail.length >= LONGEST_TRAIL) {
        finishTrail();
        if (room() > 0) pointer.trail = [point];
    }
}

function rub({ point }) {
    const reach = paper.units(ERASER_REACH[pointer.type] ?? ERASER_REACH.mouse) + props.pen_width / 2;
    for (const spot of between(pointer.at, point, reach)) {
        pointer.left = pointer.left.filter((stroke) => !isNear(stroke, spot, reach));
    }
    pointer.at = point;
}

function move(event) {
    const samples = event.getCoalescedEvents?.() ?? [];
    for (const sample of samples.length > 0 ? samples : [event]) {
        (pointer.erases ? rub : draw)(paper.place(sample));
    }
    repaint();
}

// Forget what a pointer has begun.
function letGo() {
    pointer = null;
    if (rest !== null) settle();
    repaint();
}

// Keep what it has done.
function finish() {
    if (pointer?.trail) finishTrail();
    const strokes = pointer?.left ?? [...history.now.strokes, ...(pointer?.drawn ?? [])];
    letGo();
    if (strokes.length !== history.now.strokes.length) change({ ...history.now, strokes });
    else refresh();
}

// A stroke never scrolls the page. The style says so, too (touch-action), but browsers take it from a painted frame, and
// some old ones not at all; what is cancelled here scrolls in none.
for (const kind of ["touchstart", "touchmove"]) {
    const stay = (event) => event.cancelable && event.preventDefault();
    part("paper").addEventListener(kind, stay, { passive: false });
}

canvas.addEventListener("pointerdown", (event) => {
    const eraserEnd = event.pointerType === "pen" && event.button === 5;
    if (!event.isPrimary || (event.button !== 0 && !eraserEnd)) return;
    if (pointer !== null || isPalm(event)) return;
    event.preventDefault(); // no text is selected by drawing
    canvas.focus({ preventScroll: true, focusVisible: false });
    canvas.setPointerCapture(event.pointerId);
    quieten();
    const { point } = paper.place(event);
    const erases = erasing || eraserEnd;
    pointer = { id: event.pointerId, type: event.pointerType, erases, trail: null, drawn: [], left: null, at: point };
    if (erases) pointer.left = history.now.strokes;
    else if (room() === 0) complainFull();
    move(event);
});
canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId === pointer?.id) move(event);
});
canvas.addEventListener("pointerup", (event) => {
    if (event.pointerId !== pointer?.id) return;
    move(event);
    finish();
});
canvas.addEventListener("pointercancel", (event) => {
    if (event.pointerId === pointer?.id) takeBack(); // the system took it for a gesture
});
canvas.addEventListener("lostpointercapture", (event) => {
    if (event.pointerId === pointer?.id) finish();
});
