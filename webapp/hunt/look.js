// The picture is shown for as long as was chosen; the time can be stopped, and there can be more of it.

const TICK = 100; // milliseconds

let clock = null; // of the look that goes on: {timer, left: milliseconds or null for no end, stopped}

async function load(image, { path, caption }) {
    image.src = addressOf(path);
    image.alt = caption || "The picture to find; we know no words for it";
    await image.decode();
}

function showLeft() {
    const { left, stopped } = clock;
    const seconds = Math.ceil(left / 1000);
    part("left").textContent = left === null ? "Hide it when you are ready." : `${seconds} second${seconds === 1 ? "" : "s"} left${stopped ? ", paused" : ""}`;
    action("pause").hidden = left === null;
    action("pause").textContent = stopped ? "Go on" : "Pause";
    action("pause").setAttribute("aria-pressed", String(stopped));
}

function tick(before) {
    const now = performance.now();
    if (!clock.stopped && clock.left !== null) clock.left -= now - before;
    if (clock.left !== null && clock.left <= 0) return void part("dialog").close();
    showLeft();
    clock.timer = setTimeout(() => tick(now), TICK);
}

function startLooking() {
    const seconds = part("time").value;
    clock = { timer: null, left: seconds === "" ? null : 1000 * Number(seconds), stopped: false };
    part("before").hidden = true;
    part("during").hidden = false;
    action("hide").focus();
    tick(performance.now());
}

function stopLooking() {
    if (clock === null) return false;
    clearTimeout(clock.timer);
    clock = null;
    part("picture").removeAttribute("src");
    return true;
}

function pause() {
    clock.stopped = !clock.stopped;
    showLeft();
}
