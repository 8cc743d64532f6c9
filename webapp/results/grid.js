// The grid: a button for each result, with its picture, its heat map and its bar.

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const action = (name) => element.querySelector(`[data-action="${name}"]`);

let liked = null; // the id of the picture whose like is shown

function pictureOf(result) {
    const image = imageOf(result, "results-picture");
    image.style.aspectRatio = result.size.join(" / "); // its room, before it is there
    return image;
}

// The picture in its own shape, within the room that every tile has.
function stageOf(result) {
    const stage = make("span", "results-stage");
    stage.style.setProperty("--shape", result.size[0] / result.size[1]);
    stage.append(pictureOf(result));
    return stage;
}

function barOf(result) {
    const bar = make("span", "results-bar");
    bar.setAttribute("aria-hidden", "true"); // the large view says it
    const filled = make("span", "results-filled");
    filled.style.width = `${100 * result.bar}%`;
    bar.append(filled);
    return bar;
}

function frameOf(box) {
    const frame = make("span", "results-frame");
    frame.setAttribute("aria-hidden", "true");
    placeFrame(frame, box);
    return frame;
}

function placeFrame(frame, [x0, y0, x1, y1]) {
    const percent = (number) => `${100 * number}%`;
    Object.assign(frame.style, {
        left: percent(x0), top: percent(y0), width: percent(x1 - x0), height: percent(y1 - y0),
    });
}

function tile(result, place, value) {
    const item = make("li", "");
    const opener = make("button", "thumbnail-item");
    opener.type = "button";
    opener.setAttribute("aria-haspopup", "dialog");
    const room = make("span", "results-room");
    const stage = stageOf(result);
    room.append(stage);
    if (result.heat) stage.append(heatMap(result, value.grid));
    if (result.boxes?.length) stage.append(...thingsOn(result.boxes, "span"));
    else if (result.box) stage.append(frameOf(result.box));
    const line = make("span", "results-line");
    line.append(make("strong", "", `${result.rank}`));
    if (result.caption) line.append(make("span", "results-caption", result.caption));
    line.setAttribute("aria-hidden", "true"); // the alternative text says the same
    opener.append(room, barOf(result), line);
    opener.addEventListener("click", () => open(place));
    item.append(opener);
    return item;
}

// The chips about what else is wanted of the answer.
function showWishes(value) {
    const { apart, away } = value;
    part("wishes").hidden = !apart && !away;
    action("apart").hidden = !apart;
    action("readmit").hidden = !away;
    part("apart-label").textContent = apart?.label ?? "";
    part("apart-wanted").hidden = !apart?.wanted;
    part("away-label").textContent = away ?? "";
    if (apart?.wanted) action("apart").setAttribute("aria-label", `Remove: ${apart.label}`);
    else action("apart").removeAttribute("aria-label");
    action("readmit").setAttribute("aria-label", `Remove: ${away}`);
}

// Where the focus goes that was on what is replaced: to what takes the answer back, or to the same picture, or the first.
function heldFocus(value, before) {
    if (value.like) return action("unlike");
    const place = listed.findIndex((entry) => entry.id === before);
    return part("grid").querySelectorAll("button")[Math.max(0, place)];
}

function showGrid(value) {
    const held = ["like", "wishes", "grid"].some((name) => part(name).contains(document.activeElement));
    const chip = part("wishes").contains(document.activeElement) ? document.activeElement : null;
    const before = liked;
    liked = value.like?.id ?? null;
    part("like").hidden = !value.like;
    part("like-label").textContent = value.like?.label ?? "";
    action("unlike").setAttribute("aria-label", `Remove: ${value.like?.label}`);
    showWishes(value);
    showNaming(value);
    part("grid").replaceChildren(...tiles(), ...placeholders());
    part("switch").hidden = !value.results.some((result) => result.heat);
    part("root").classList.toggle("results-far", value.close === false);
    if (held && (!chip || chip.hidden)) heldFocus(value, before)?.focus({ preventScroll: true });
}
