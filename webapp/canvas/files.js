// A picture of a drawing instead: picked, dropped or pasted, uploaded once.

async function take(file) {
    quieten();
    const arriving = arrival(file);
    uploading = arriving;
    refresh();
    try {
        const { picture, photo, file } = await arriving;
        if (uploading !== arriving) return; // cleared, or another picture came after it
        const searches = searchWaits;
        forgetUpload();
        change({ ...history.now, picture, photo });
        keepPicture(picture, file); // of what is on the paper
        if (searches) trigger("submit");
    } catch (error) {
        if (uploading !== arriving) return;
        complain(error.message);
        forgetUpload();
    }
}

async function arrival(file) {
    const prepared = await pictures.prepare(file);
    const uploaded = await upload(prepared.file).catch(() => {
        throw new Error("The picture couldn't be uploaded: try again.");
    });
    const picture = pictureOf(uploaded);
    pictures.keep(picture, prepared.image);
    const photo = await server.recognise({ path: picture.path }).catch(() => false);
    return { picture, photo, file: prepared.file };
}

// The server has lost a picture that is on the paper.
async function replaceLost(picture) {
    const file = await keptPicture(picture);
    if (history.now.picture?.path !== picture.path) return;
    if (file !== null) {
        take(file);
        return;
    }
    change({ ...history.now, picture: null, photo: false });
    complain("The picture is no longer on the server: add it again.");
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
    // spreadsheets and word processors put a picture of the text beside it
    if (takesText(event.target) && event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    take(file);
});
