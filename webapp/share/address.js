// The address of the answer on the page, and the way back to earlier ones. Gradio runs this with element, trigger, props
// and watch. An entry of the browser's history holds {answer: {fragment, where, kept}}: the query itself only where no
// link holds all of it.

const FOLLOWING = ["drawing", "setting"]; // of these in a row, the last one stays in the history
const STEP = { answer: null, way: null };

let shown = null; // of the answer on the page, as an entry holds it
let coming; // the answer that was asked for and isn't on the page yet; undefined for none
let mended = false; // since the last of these steps, an answer that was none to it had to be put right
let walking = false; // Back or Forward was the last thing done: what was asked before it is no step from here

const fragmentHere = () => location.hash.slice(1);
const stepHere = () => ({ ...STEP, ...window.history.state });

function answerOf(value) {
    if (!value) return null;
    const { fragment, where, kept } = value;
    return { fragment, where, kept };
}

// What the entry that we are at is about; undefined if it isn't ours, like a place on the page.
function answerHere() {
    const { answer } = stepHere();
    if (answer !== null) return answer;
    if (fragmentHere() === "") return null;
    return fragmentHere().startsWith(props.link_name) ? { fragment: fragmentHere(), where: null, kept: null } : undefined;
}

function isSame(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
}

function write(way, answer, step) {
    const address = location.pathname + location.search + (answer?.fragment ? `#${answer.fragment}` : "");
    try {
        window.history[way](step, "", address);
    } catch {
        // some browsers take no more than so many in a minute: then the entry stays what it was
    }
}

function isAwaited(value) {
    if (!value) return coming === null;
    return value.way === "opened" && (value.asked ?? "") === (coming?.fragment ?? "");
}

// Two steps in a moment are answered side by side, and the answer to the first one may come last.
function mend() {
    const answer = answerHere();
    if (mended || coming !== undefined || answer === undefined || isSame(answer, shown)) return;
    mended = true;
    open(answer, false);
}

function follow(value) {
    shown = answerOf(value);
    const here = stepHere();
    if (!walking || isAwaited(value)) coming = undefined;
    if (value?.way === "opened" && fragmentHere() === (value.asked ?? "")) write("replaceState", shown, { ...here, answer: shown });
    if (walking) return mend();
    if (value?.way === "opened") return;
    if (isSame(shown, here.answer) && (shown !== null || fragmentHere() === "")) return;
    const step = { ...STEP, answer: shown, way: value?.way ?? null };
    const goesOn = FOLLOWING.includes(step.way) && step.way === here.way;
    write(goesOn || here.large !== undefined ? "replaceState" : "pushState", shown, step);
}

// Once the paper is there, which may have kept a drawing: with whether it has.
function withPaper(then) {
    const paper = () => document.getElementById(props.paper)?.querySelector("[data-ready]");
    const look = () => paper() && (then("resumed" in paper().dataset), true);
    const ready = new MutationObserver(() => look() && ready.disconnect());
    if (!look()) ready.observe(document.body, { attributeFilter: ["data-ready"], childList: true, subtree: true });
}

function open(answer, keep) {
    if (answer === undefined || isSame(answer, coming === undefined ? shown : coming)) return;
    coming = answer;
    const { fragment, where, kept } = answer ?? {};
    trigger("opened", { fragment: fragment ?? "", where: where ?? null, kept: kept ?? null, keep });
}

window.history.scrollRestoration = "manual"; // other answers are other places
watch("value", () => follow(props.value));
window.addEventListener("popstate", () => {
    const answer = answerHere();
    open(answer, false);
    mended = false;
    walking = answer !== undefined && coming !== undefined;
});
const doing = new AbortController();
for (const kind of ["pointerdown", "keydown"]) {
    const goOn = () => {
        if (!element.isConnected) doing.abort();
        walking = false;
    };
    document.addEventListener(kind, goOn, { capture: true, signal: doing.signal });
}
// what no link can hold needs pictures that the server may have lost: after a reload the paper has them
const first = answerHere();
const came = stepHere().answer === null; // from elsewhere: then the link is newer than the paper
if (first && fragmentHere() !== "") withPaper((resumed) => open({ ...first, kept: null }, resumed && !came));
