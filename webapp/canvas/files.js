// A picture of a drawing instead: picked, dropped or pasted, uploaded once.

async function take(file) {
    complain("");
    const arriving = arrival(file);
    uploading = arriving;
    refresh();
    try {
        const picture = await arriving;
        if (uploading !== arriving) return; // cleared, or another picture came after it
        uploading = null;
        change({ ...history.now, picture });
    } catch (error) {
        if (uploading !== arriving) return;
        uploading = null;
        complain(error.message);
        refresh();
    }
}

async function arrival(file) {
    const prepared = await pictures.prepare(file);
    const uploaded = await upload(prepared.file).catch(() => {
        throw new Error("The picture couldn't be uploaded: try again.");
    });
    const picture = pictureOf(uploaded);
    pictures.keep(picture, prepared.image);
    return picture;
}

function firstFile(transfer) {
    return [...(transfer?.files ?? [])][0] ?? null;
}

part("file").addEventListener("change", (event) => {
    const file = event.target.files[0];
    event.target.value = ""; // so that the same file can be picked again
    if (file) take(file);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
    root.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        root.classList.toggle("sketch-dropping", kind === "dragover");
        const file = kind === "drop" ? firstFile(event.dataTransfer) : null;
        if (file) take(file);
    });
}
listen(document, "paste", (event) => {
    const file = firstFile(event.clipboardData);
    if (file === null || event.defaultPrevented) return;
    event.preventDefault();
    take(file);
});
