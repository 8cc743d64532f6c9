// What several parts of the page make their elements of. Each part's own script follows, in one scope with this.

function make(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
}

// Where this server hands out a file that lies at the path.
function addressOf(path) {
    const escaped = encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F");
    return new URL(`gradio_api/file=${escaped}`, `${window.gradio_config?.root ?? location.origin}/`).href;
}

function imageOf(picture, className) {
    const image = make("img", className);
    image.alt = picture.alt;
    image.src = addressOf(picture.path);
    image.draggable = false;
    return image;
}
