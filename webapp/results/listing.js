// What is listed: the results of an answer or, before a search, pictures of the collection: the wall. More of either come
// while somebody scrolls on.

const NEAR = "0px 0px 600px"; // pixels below the window in which the end of the list counts as near
const SCROLLED_BY = ["ArrowDown", "PageDown", "End", " "]; // keys
const SCROLL_NOTHING = "input, textarea, select, canvas, dialog"; // or themselves alone

let listed = []; // in order
let total = 0; // with those that have not come yet; null where nobody knows
let walled = false;
let number = 0; // of the list: what comes for an earlier one is not wanted any more
let waiting = false;
let near = false; // the end of the list
let wanted = null; // the place that the large view waits for
let kept = { key: null, pictures: [], total: 0 }; // the wall, while an answer is shown

function list(value) {
    const before = placesOfTiles();
    if (value.wall && value.wall.key !== kept.key) kept = { key: value.wall.key, pictures: [], total: value.wall.size };
    number += 1;
    waiting = false;
    wanted = null;
    walled = Boolean(value.wall);
    listed = walled ? [...kept.pictures] : [...value.results];
    total = walled ? kept.total : value.total;
    part("root").classList.toggle("results-walled", walled);
    part("wall-title").hidden = !walled;
    part("grid").setAttribute("aria-label", walled ? "Pictures of this collection" : "Results");
    showFilters(value.fields);
    showGrid(value);
    showEnd();
    glide(before);
    const mine = number;
    if (walled && listed.length === 0 && total !== 0) whenPenIsReady(() => mine === number && askForMore());
}

const isMore = () => total === null || listed.length < total;

function showEnd() {
    const nothing = walled && total === 0;
    const said = `${listed.length} of ${(total ?? 0).toLocaleString("en")}`;
    part("more").hidden = !nothing && (listed.length === 0 || !isMore());
    action("more").hidden = nothing;
    part("more-said").textContent = nothing ? props.none_passes : said;
}

// Places for pictures that have not come yet: nothing moves when they do.
function placeholders() {
    const count = walled && listed.length === 0 ? Math.min(total ?? 0, props.wall_pictures) : 0;
    return Array.from({ length: count }, () => make("li", "wall-place"));
}

function wallTile(picture, place) {
    const item = make("li", "");
    const opener = make("button", "wall-item");
    opener.type = "button";
    opener.setAttribute("aria-haspopup", "dialog");
    const image = pictureOf(picture);
    image.loading = "lazy";
    opener.append(image);
    opener.addEventListener("click", () => open(place));
    item.append(opener);
    return item;
}

function tiles(from = 0) {
    return listed.slice(from).map((entry, i) => (walled ? wallTile(entry, from + i) : tile(entry, from + i, props.value)));
}

function askForMore() {
    if (waiting || !isMore()) return;
    waiting = true;
    trigger("more", { number, offset: listed.length, scale: props.value.scale });
}

function take(delivered) {
    if (delivered.number !== number || delivered.offset !== listed.length) return;
    waiting = false;
    if (delivered.refusal) {
        part("more").hidden = false;
        part("more-said").textContent = delivered.refusal;
        return;
    }
    const from = listed.length;
    const pressed = document.activeElement === action("more");
    listed.push(...delivered.pictures);
    total = delivered.pictures.length === 0 ? listed.length : delivered.total;
    if (walled) kept = { ...kept, pictures: [...listed], total };
    part("grid").querySelectorAll(".wall-place").forEach((place) => place.remove());
    part("grid").append(...tiles(from));
    showEnd();
    if (pressed) part("grid").children[from]?.querySelector("button").focus();
    goOn();
}

// The large view goes to the picture that it was waiting for.
function goOn() {
    if (detail.open) action("next").disabled = current === listed.length - 1 && !isMore();
    if (detail.open && wanted !== null && wanted < listed.length) move(wanted - current);
    wanted = null;
}

function whenPenIsReady(then) {
    const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 200));
    const look = () => document.getElementById(props.paper)?.querySelector("[data-ready]") && (idle(then), true);
    const ready = new MutationObserver(() => look() && ready.disconnect());
    if (!props.paper) idle(then);
    else if (!look()) ready.observe(document.body, { attributeFilter: ["data-ready"], childList: true, subtree: true });
}

// Only who scrolls gets more without asking: what the page scrolls to by itself, or shows at once, asks for nothing.
function scrollsOn(event) {
    if (event.type === "keydown" && !SCROLLED_BY.includes(event.key)) return;
    if (event.target instanceof Element && event.target.closest(SCROLL_NOTHING)) return;
    if (near && !part("more").hidden) askForMore();
}

new IntersectionObserver((seen) => (near = seen.at(-1).isIntersecting), { rootMargin: NEAR }).observe(part("more"));
