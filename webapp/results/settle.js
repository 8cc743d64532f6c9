// The visitor's own strokes come from the paper, lie over what was found in the large picture, and fade.

const COMES = 700; // milliseconds from the paper to the frame
const STAYS = 900;
const FADES = 600;
const SVG = "http://www.w3.org/2000/svg";

function drawingOf(strokes) {
    const [xs, ys] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.filter((_, place) => place % 2 === axis)));
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const [width, height] = [Math.max(1, Math.max(...xs) - left), Math.max(1, Math.max(...ys) - top)];
    const drawing = document.createElementNS(SVG, "svg");
    drawing.classList.add("results-strokes");
    drawing.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
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

// Only where a single drawing was asked for, and where motion is welcome.
function settle(place) {
    const { strokes, apart } = props.value;
    const { box } = listed[place];
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || !strokes?.length || !box || apart?.wanted) return;
    const stage = part("large").querySelector(".results-stage");
    const drawing = drawingOf(strokes);
    placeFrame(drawing, box);
    stage.append(drawing);
    const [from, to] = [document.getElementById(props.paper)?.querySelector("canvas"), drawing].map((node) =>
        node?.getBoundingClientRect(),
    );
    if (!from || !to.width || !to.height) return void drawing.remove();
    const middle = (area) => [area.left + area.width / 2, area.top + area.height / 2];
    const [dx, dy] = [0, 1].map((axis) => middle(from)[axis] - middle(to)[axis]);
    const start = `translate(${dx}px, ${dy}px) scale(${from.width / to.width}, ${from.height / to.height})`;
    const [came, faded] = [COMES, COMES + STAYS].map((moment) => moment / (COMES + STAYS + FADES));
    const frames = [
        { transform: start, opacity: 0.9, easing: "ease-in-out" },
        { transform: "none", opacity: 0.9, offset: came },
        { transform: "none", opacity: 0.9, offset: faded },
        { transform: "none", opacity: 0 },
    ];
    drawing.animate(frames, COMES + STAYS + FADES).finished.then(() => drawing.remove(), () => drawing.remove());
}
