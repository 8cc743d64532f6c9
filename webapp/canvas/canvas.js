// What the canvas holds and shows. All .js files of this folder are one function to Gradio, which runs it when the
// component is on the page, with element, trigger, props, server, upload and watch; component.py says in which order.

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const button = (name) => element.querySelector(`[data-action="${name}"]`);
const root = part("root");
const canvas = part("ink");
const draft = keptDraft();
const history = new History(stateOf(draft ?? props.value));
const pictures = new Pictures(props.most_megabytes, () => repaint(), (picture) => replaceLost(picture));
const paper = new Paper(canvas, props.grid, props.pen_width, pictures);

let erasing = false;
// {id, type, erases, trail: points or null, drawn: its strokes, left: strokes that the eraser has left, at}
let pointer = null;
let uploading = null; // the promise of a picture
let searchWaits = false; // for that picture
let rest = null; // the timer of "settled", while the visitor's last change has not been told

// ---- showing

function shown() {
    const { strokes, picture } = history.now;
    if (pointer?.erases) return { strokes: pointer.left, picture };
    const trails = pointer?.trail ? [pointer.trail.flat()] : [];
    return { strokes: [...strokes, ...(pointer?.drawn ?? []), ...trails], picture };
}

function repaint() {
    paper.request(shown);
}

function setText(name, text) {
    if (part(name).textContent !== text) part(name).textContent = text;
}

function complain(text) {
    setText("problem", text);
}

function hint(text) {
    setText("hint", text);
}

function describeLimits(more = "") {
    setText("limits", `Or paste, drop or pick a photo, or a picture of a drawing: ${pictures.limits}. ${more}`.trim());
}

function quieten() {
    complain("");
    hint("");
}

function setEnabled(name, enabled) {
    const tool = button(name);
    // a disabled or hidden button would lose the focus to nowhere
    if (!enabled && tool === document.activeElement) canvas.focus({ preventScroll: true });
    tool.disabled = !enabled;
}

function note() {
    if (searchWaits) return " The picture is being uploaded, then the search begins.";
    if (uploading !== null) return " The picture is being uploaded.";
    return erasing ? " Touch a stroke to erase it." : "";
}

function refresh() {
    const state = history.now;
    const empty = isEmpty(state);
    if (state.strokes.length === 0) erasing = false;
    setEnabled("undo", history.canUndo);
    setEnabled("redo", history.canRedo);
    setEnabled("clear", !empty);
    setEnabled("erase", state.strokes.length > 0);
    setEnabled("pick", state.picture === null);
    setEnabled("unpick", state.picture !== null);
    button("unpick").hidden = state.picture === null;
    button("pick").hidden = state.picture !== null;
    button("erase").setAttribute("aria-pressed", String(erasing));
    part("kind").hidden = state.picture === null;
    part("limits").hidden = state.picture !== null; // it needs its room
    button("find").hidden = !state.photo;
    button("kind").textContent = state.photo ? "No, it's a drawing" : "It's a photo";
    root.classList.toggle("sketch-erasing", erasing);
    root.classList.toggle("sketch-inked", !empty);
    part("invitation").hidden = !empty || Boolean(pointer?.trail);
    setText("count", describe(state) + note());
    repaint();
}

// ---- changing

function announce() {
    props.value = { ...history.now }; // Gradio fires "change"
    keepDraft();
    refresh();
    settle();
}

// No picture is on its way any more, nor a search that waited for it.
function forgetUpload() {
    uploading = null;
    searchWaits = false;
    refresh();
}

function change(state) {
    history.add(state);
    announce();
}

// Whether the checkbox with this elem_id is ticked; true where none is named.
function isTicked(id) {
    return !id || Boolean(document.getElementById(id)?.querySelector("input[type=checkbox]")?.checked);
}

function settle() {
    clearTimeout(rest);
    rest = setTimeout(() => {
        if (pointer !== null) return; // in the middle of a stroke: its end waits anew
        rest = null;
        if (isTicked(props.settled_if)) trigger("settled", { settled: true });
    }, props.settle_after * 1000);
}

const actions = {
    undo() {
        letGo();
        if (!history.canUndo) return;
        history.undo();
        announce();
    },
    redo() {
        letGo();
        if (!history.canRedo) return;
        history.redo();
        announce();
    },
    erase() {
        erasing = !erasing;
        refresh();
    },
    clear() {
        letGo();
        erasing = false;
        quieten();
        forgetUpload();
        if (!isEmpty(history.now)) change(EMPTY);
    },
    pick() {
        part("file").click();
    },
    unpick() {
        if (history.now.picture !== null) change({ ...history.now, picture: null, photo: false });
    },
    kind: () => change({ ...history.now, photo: !history.now.photo }),
    find: () => submit(),
};

// ---- listening outside this component, for as long as it is on the page

const page = new AbortController(); // of what is listened to outside this component
function listen(target, kind, listener, options = {}) {
    const whileHere = (event) => (element.isConnected ? listener(event) : page.abort());
    target.addEventListener(kind, whileHere, { ...options, signal: page.signal });
}
