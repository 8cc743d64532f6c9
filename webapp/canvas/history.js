// What was on the paper, step by step. A state is {strokes, picture, photo} and is never changed, only replaced.

const MOST_STEPS = 300;
const EMPTY = Object.freeze({ strokes: [], picture: null, photo: false });

class History {
    constructor(state) {
        this.states = [state];
        this.step = 0;
    }

    get now() {
        return this.states[this.step];
    }

    get canUndo() {
        return this.step > 0;
    }

    get canRedo() {
        return this.step < this.states.length - 1;
    }

    add(state) {
        this.states = [...this.states.slice(0, this.step + 1), state].slice(-MOST_STEPS);
        this.step = this.states.length - 1;
    }

    undo() {
        if (this.canUndo) this.step -= 1;
    }

    redo() {
        if (this.canRedo) this.step += 1;
    }
}

function isEmpty(state) {
    return state.strokes.length === 0 && state.picture === null;
}

// A value as it came from Python, as a plain state.
function stateOf(value) {
    const plain = value ? JSON.parse(JSON.stringify(value)) : EMPTY;
    const picture = plain.picture ? pictureOf(plain.picture) : null;
    return { strokes: plain.strokes ?? [], picture, photo: picture !== null && plain.photo === true };
}

// A file on the server as Gradio wants it in a value.
function pictureOf({ path, url }) {
    return { path, url, meta: { _type: "gradio.FileData" } };
}

function isSame(one, other) {
    return (
        one.picture?.path === other.picture?.path &&
        one.photo === other.photo &&
        JSON.stringify(one.strokes) === JSON.stringify(other.strokes)
    );
}

function describe({ strokes, picture, photo }) {
    const count = strokes.length === 1 ? "1 stroke" : `${strokes.length} strokes`;
    if (picture === null) return strokes.length === 0 ? "Nothing is drawn yet." : `${count}.`;
    if (photo) return `This looks like a photo.${strokes.length > 0 ? " What is drawn on it doesn't count." : ""}`;
    return strokes.length === 0 ? "A picture." : `A picture and ${count}.`;
}
