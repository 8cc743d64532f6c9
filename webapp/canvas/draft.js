// The drawing and the words stay in this tab: over a reload, Back, and a restart of the server.

const DRAFT = props.draft && `${props.draft} ${location.pathname}`;
const DRAFT_PICTURE = `${DRAFT} picture`; // {path, content}: the server may lose its file

let waitingWords = ""; // until there is a box for them
let putBack = null; // the event that told Gradio of them

function read(name) {
    try {
        return JSON.parse(sessionStorage.getItem(name));
    } catch {
        return null; // the browser keeps nothing for this page, or somebody else's text
    }
}

function write(name, value) {
    try {
        if (value === null) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
        // no room, or no storage: the page works, and only a reload loses it
    }
}

// {strokes, picture, text} as this tab has it from before, or null.
function keptDraft() {
    const draft = DRAFT ? read(DRAFT) : null;
    return Array.isArray(draft?.strokes) ? draft : null;
}

function keepDraft() {
    if (!DRAFT) return;
    write(DRAFT, { ...history.now, text: textBox()?.value || waitingWords });
    if (history.now.picture === null) write(DRAFT_PICTURE, null);
}

function keepPicture({ path }, file) {
    if (!DRAFT) return;
    const reader = new FileReader();
    reader.onload = () => {
        if (history.now.picture?.path === path) write(DRAFT_PICTURE, { path, content: reader.result });
    };
    reader.readAsDataURL(file);
}

// The file of a picture that the server doesn't have any more, or null.
async function keptPicture({ path }) {
    const kept = DRAFT ? read(DRAFT_PICTURE) : null;
    if (kept?.path !== path) return null;
    const content = await (await fetch(kept.content)).blob();
    return new File([content], "drawing", { type: content.type });
}

// Put the words into their box, which Gradio may make after the paper; not over what was typed meanwhile.
function putWordsBack() {
    const box = textBox();
    if (box === null) return false;
    if (box.value === "" && waitingWords !== "") {
        box.value = waitingWords;
        putBack = new Event("input", { bubbles: true });
        box.dispatchEvent(putBack);
    }
    waitingWords = "";
    return true;
}

function resume(draft) {
    waitingWords = String(draft?.text ?? "");
    const boxes = new MutationObserver(() => putWordsBack() && boxes.disconnect());
    if (!putWordsBack()) boxes.observe(document.body, { childList: true, subtree: true });
    listen(document, "input", (event) => {
        if (event.target === textBox() && event !== putBack) keepDraft();
    });
    listen(window, "pagehide", keepDraft); // with the words that Python may have put into their box
}
