// Where several things were searched for: a numbered frame around each, and all else of the picture dimmed.

const DIMMED = 256; // pixels of what dims; the browser stretches it over the picture
const DIMMING = "rgb(15 23 42 / 40%)"; // as around a single frame

// Each number in another corner of its frame: seen apart even where the frames lie over each other.
function numberOf(tag, place, [x0, y0, x1, y1]) {
    const number = make(tag, "results-number", `${place + 1}`);
    const along = (low, high, atHigh) =>
        `clamp(0px, calc(${100 * (atHigh ? high : low)}% - ${atHigh ? "var(--number)" : "0px"}), calc(100% - var(--number)))`;
    number.style.left = along(x0, x1, place % 2 === 1);
    number.style.top = along(y0, y1, place >= 2);
    return number;
}

function thingOf(box) {
    const thing = make("span", "results-thing");
    thing.setAttribute("aria-hidden", "true");
    placeFrame(thing, box);
    return thing;
}

function dimOutside(canvas, boxes) {
    canvas.width = canvas.height = DIMMED; // empties it
    const context = canvas.getContext("2d");
    context.fillStyle = DIMMING;
    context.fillRect(0, 0, DIMMED, DIMMED);
    for (const [x0, y0, x1, y1] of boxes.map((box) => box.map((edge) => edge * DIMMED))) {
        context.clearRect(x0, y0, x1 - x0, y1 - y0);
    }
}

// What lies over a picture; `tag` is that of the numbers.
function thingsOn(boxes, tag) {
    const dim = make("canvas", "results-dim");
    dim.setAttribute("aria-hidden", "true");
    dimOutside(dim, boxes);
    return [dim, ...boxes.map(thingOf), ...boxes.map((box, place) => numberOf(tag, place, box))];
}

// In the large view a number puts the frame around its thing.
function addThings(stage, boxes) {
    stage.classList.toggle("results-several", boxes.length > 0);
    if (boxes.length === 0) return;
    stage.append(...thingsOn(boxes, "button"));
    stage.querySelectorAll(".results-number").forEach((number, place) => {
        number.type = "button";
        number.setAttribute("aria-label", `Put the frame around thing ${place + 1}`);
        number.addEventListener("pointerdown", (event) => event.stopPropagation()); // nothing is dragged
        number.addEventListener("click", () => setRegion(boxes[place]));
    });
}

// After the frame went elsewhere: nothing in it is dimmed, and the number of what it is around is pressed.
function followRegion(region) {
    const { boxes } = listed[current];
    if (!boxes?.length) return;
    dimOutside(part("large").querySelector(".results-dim"), region ? [...boxes, region] : boxes);
    part("large").querySelectorAll(".results-number").forEach((number, place) => {
        number.setAttribute("aria-pressed", String(boxes[place].join() === region?.join()));
    });
}
