// The visitor's own strokes come from the paper, lie over what was found in the large picture, and fade.

const COMES = 700; // milliseconds from the paper to the frame
const STAYS = 900;
const FADES = 600;
const SVG = "http://www.w3.org/2000/svg";

// x, y, width and height of what is drawn, in the paper's units.
function extentOf(strokes) {
    const [xs, ys] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.filter((_, place) => place % 2 === axis)));
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    return [left, top, Math.max(1, Math.max(...xs) - left), Math.max(1, Math.max(...ys) - top)];
}

function drawingOf(strokes) {
    const drawing = document.createElementNS(SVG, "svg");
    drawing.classList.add("results-strokes");
    drawing.setAttribute("viewBox", extentOf(strokes).join(" "));
    drawing.setAttribute("preserveAspectRatio", "none"); // as wide and as high as what was found
    drawing.setAttribute("aria-hidden", "true");
    for (const stroke of strokes) {
        for (const name of ["results-halo", "results-stroke"]) { // pale around dark: seen on any picture
            const line = document.createElementNS(SVG, "polyline");
            line.classList.add(name);
            line.setAttribute("points", (stroke.length > 2 ? stroke : [...stroke, ...stroke]).join(" "));
            drawing.append(line);
        }
    }
    return drawing;
}

// From where the strokes are on the paper to where the drawing is, as a CSS transform of the drawing.
function comingFrom(paper, strokes, drawing) {
    const [unit, to] = [paper.width / props.paper_units, drawing.getBoundingClientRect()];
    if (!unit || !to.width || !to.height) return null;
    const [x, y, width, height] = extentOf(strokes).map((length) => length * unit);
    const [dx, dy] = [paper.left + x + width / 2 - to.left - to.width / 2, paper.top + y + height / 2 - to.top - to.height / 2];
    return `translate(${dx}px, ${dy}px) scale(${width / to.width}, ${height / to.height})`;
}

function settleOn(stage, paper, strokes, box) {
    const drawing = drawingOf(strokes);
    placeFrame(drawing, box);
    stage.append(drawing);
    const start = comingFrom(paper, strokes, drawing);
    if (start === null) return void drawing.remove();
    const [came, faded] = [COMES, COMES + STAYS].map((moment) => moment / (COMES + STAYS + FADES));
    const frames = [
        { transform: start, opacity: 0.9, easing: "ease-in-out" },
        { transform: "none", opacity: 0.9, offset: came },
        { transform: "none", opacity: 0.9, offset: faded },
        { transform: "none", opacity: 0 },
    ];
    drawing.animate(frames, COMES + STAYS + FADES).finished.then(() => drawing.remove(), () => drawing.remove());
}

// The strokes of each thing that was searched for, to its own frame; only where motion is welcome.
function settle(place) {
    const { strokes } = props.value;
    const { box, boxes } = listed[place];
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const paper = document.getElementById(props.paper)?.querySelector("canvas")?.getBoundingClientRect();
    if (still || !strokes?.length || !box || !paper) return;
    const stage = part("large").querySelector(".results-stage");
    const frames = boxes?.length ? boxes : [box];
    strokes.forEach((thing, number) => {
        if (thing.length > 0 && frames[number]) settleOn(stage, paper, thing, frames[number]);
    });
}
