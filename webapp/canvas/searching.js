// A search waits for a picture that is being uploaded, however it is asked for.

function submit() {
    finish();
    if (uploading === null) {
        trigger("submit");
        return;
    }
    searchWaits = true; // `take` goes on with it; if the picture can't be had, the reason is being read instead
    refresh();
}

function isIn(target, id) {
    return Boolean(id) && target instanceof Element && document.getElementById(id)?.contains(target) === true;
}

// Before Gradio hears of it: it would search at once, without the picture.
function searchLater(event) {
    event.preventDefault();
    event.stopPropagation();
    submit();
}

listen(
    document,
    "click",
    (event) => {
        if (uploading !== null && isIn(event.target, props.search_button)) searchLater(event);
        // Python would only empty the paper that is empty until the picture comes
        if (isIn(event.target, props.clear_button)) forgetUpload();
    },
    { capture: true },
);
listen(
    document,
    "keydown",
    (event) => {
        const sends = event.key === "Enter" && !event.isComposing && !isHeld(event, "shift");
        if (sends && uploading !== null && event.target === textBox()) searchLater(event);
    },
    { capture: true },
);
