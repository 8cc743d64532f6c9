// What the canvas holds and shows. All .js files of this folder are one function to Gradio, which runs it when the
// component is on the page, with element, trigger, props, upload and watch; component.py says in which order.

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const button = (name) => element.querySelector(`[data-action="${name}"]`);
const root = part("root");
const canvas = part("ink");
const history = new History(stateOf(props.value));
const pictures = new Pictures(props.most_megabytes, () => repaint());
const paper = new Paper(canvas, props.grid, props.pen_width, pictures);

let erasing = false;
let pointer = null; // {id, type, erases, trail: points or null, left: strokes that the eraser has left, at}
let uploading = null; // the promise of a picture
let rest = null; // the timer of "settled", while the visitor's last change has not been told

// ---- showing

function shown() {
    const { strokes, picture } = history.now;
    if (pointer?.erases) return { strokes: pointer.left, picture };
    return { strokes: pointer?.trail ? [...strokes, pointer.trail.flat()] : strokes, picture };
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

function setEnabled(name, enabled) {
    const tool = button(name);
    // a disabled or hidden button would lose the focus to nowhere
    if (!enabled && tool === document.activeElement) canvas.focus({ preventScroll: true });
    tool.disabled = !enabled;
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
    root.classList.toggle("sketch-erasing", erasing);
    part("invitation").hidden = !empty || Boolean(pointer?.trail);
    const note = uploading ? " The picture is being uploaded." : erasing ? " Touch a stroke to erase it." : "";
    setText("count", describe(state) + note);
    repaint();
}

// ---- changing

function announce() {
    const { strokes, picture } = history.now;
    props.value = { strokes, picture }; // Gradio fires "change"
    refresh();
    settle();
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
        if (isTicked(props.settled_if)) trigger("settled");
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
        uploading = null;
        erasing = false;
        complain("");
        if (isEmpty(history.now)) refresh();
        else change(EMPTY);
    },
    pick() {
        part("file").click();
    },
    unpick() {
        if (history.now.picture !== null) change({ ...history.now, picture: null });
    },
};

// ---- listening outside this component, for as long as it is on the page

const page = new AbortController(); // of what is listened to outside this component
function listen(target, kind, listener, options = {}) {
    const whileHere = (event) => (element.isConnected ? listener(event) : page.abort());
    target.addEventListener(kind, whileHere, { ...options, signal: page.signal });
}
