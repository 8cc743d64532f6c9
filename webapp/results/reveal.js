// An answer that was asked for comes into view. One that comes by itself, as while somebody draws, moves nothing.

let asked = false; // and nothing else was touched or typed since

function asks(event) {
    if (!(event.target instanceof Element)) return false;
    if (event.type === "keydown") {
        const inWords = document.getElementById(props.text_box)?.contains(event.target) === true;
        return event.key === "Enter" && !event.isComposing && (inWords || event.ctrlKey || event.metaKey);
    }
    return event.type === "click" && event.target.closest(props.asked_by) !== null;
}

const watched = new AbortController(); // of what is listened to outside this component
for (const kind of ["pointerdown", "keydown", "click"]) {
    const note = (event) => {
        if (!element.isConnected) watched.abort();
        asked = asks(event);
    };
    document.addEventListener(kind, note, { capture: true, signal: watched.signal });
}

function isInView(said) {
    const first = part("grid").firstElementChild.getBoundingClientRect();
    return said.getBoundingClientRect().top >= 0 && first.bottom <= window.innerHeight;
}

// From what is said about the answer on, once that is on the page, too.
function reveal() {
    if (!asked || props.value.results.length === 0) return;
    asked = false;
    requestAnimationFrame(() =>
        requestAnimationFrame(() => {
            const said = document.getElementById(props.status) ?? element;
            if (isInView(said)) return;
            const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
            said.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
        }),
    );
}
