// What is dropped on the page beside the paper: the browser would open it, and the drawing would be gone.

function brings(transfer, ...kinds) {
    return kinds.some((kind) => transfer?.types.includes(kind));
}

// A text box takes text and links; files aren't for it, and whatever has a place for them has said so.
function isForNobody(event) {
    if (event.defaultPrevented || !brings(event.dataTransfer, "Files", "text/uri-list")) return false;
    return !takesText(event.target) || !brings(event.dataTransfer, "text/plain", "text/uri-list");
}

listen(document, "dragover", (event) => {
    root.classList.toggle("sketch-awaited", brings(event.dataTransfer, "Files"));
    if (isForNobody(event)) event.preventDefault();
});
listen(document, "dragleave", (event) => {
    if (event.relatedTarget === null) root.classList.remove("sketch-awaited"); // out of the window
});
listen(document, "drop", (event) => {
    root.classList.remove("sketch-awaited");
    if (!isForNobody(event)) return;
    event.preventDefault();
    const isFile = brings(event.dataTransfer, "Files");
    hint(isFile ? "Pictures go on the paper: drop it there." : "To use a picture, save it and drop its file on the paper.");
});
