// Photos become small copies here, in the visitor's browser, free of what a camera writes into files. Only the copies
// are sent. Gradio runs this as one function when the component is on the page, with element, trigger, props, upload.

const AT_A_TIME = 3; // a large photo takes hundreds of MB while it is decoded
const QUALITY = 0.9;

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const root = part("root");
let work = null; // the AbortController of the choice that is being made small and sent

function say(text) {
    if (part("said").textContent !== text) part("said").textContent = text;
}

function show(done, total) {
    part("work").hidden = work === null;
    part("bar").max = total;
    part("bar").value = done;
    say(work === null ? "" : `Making small copies and sending them: ${done} of ${total}`);
}

async function decode(file) {
    let image;
    try {
        image = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
        throw new Error("your browser can't read it as a picture");
    }
    if (image.width * image.height > props.most_megapixels * 1e6) {
        image.close();
        throw new Error(`it has more than ${props.most_megapixels} million pixels`);
    }
    return image;
}

async function reduce(file) {
    if (file.size > props.most_megabytes * 1e6) throw new Error(`it has more than ${props.most_megabytes} MB`);
    const image = await decode(file);
    const scale = Math.min(1, props.side / Math.max(image.width, image.height));
    const copy = document.createElement("canvas");
    copy.width = Math.max(1, Math.round(image.width * scale));
    copy.height = Math.max(1, Math.round(image.height * scale));
    const pen = copy.getContext("2d");
    pen.fillStyle = "#fff"; // under what is transparent
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, copy.width, copy.height);
    image.close();
    return new Promise((done) => copy.toBlob(done, "image/jpeg", QUALITY));
}

async function send(file) {
    const content = await reduce(file);
    // nobody can guess the address, which Gradio makes of the content and the name
    const name = `${props.copy_prefix}${crypto.getRandomValues(new Uint32Array(4)).join("-")}.jpg`;
    try {
        const { path } = await upload(new File([content], name, { type: "image/jpeg" }));
        return { path };
    } catch {
        throw new Error("it couldn't be sent");
    }
}

async function take(files) {
    if (files.length === 0) return;
    work?.abort();
    const mine = (work = new AbortController());
    const picked = files.slice(0, props.most_photos);
    const photos = [];
    const leftOut = files
        .slice(props.most_photos)
        .map(({ name }) => ({ name, reason: `there are more than ${props.most_photos} photos` }));
    const waiting = picked.entries();
    let done = 0;
    const worker = async () => {
        for (const [place, file] of waiting) {
            if (mine.signal.aborted) return;
            try {
                photos[place] = { name: file.name, file: await send(file) };
            } catch ({ message }) {
                leftOut.push({ name: file.name, reason: message });
            }
            done += 1;
            if (!mine.signal.aborted) show(done, picked.length);
        }
    };
    show(0, picked.length);
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    if (mine.signal.aborted) return;
    work = null;
    show(0, 1);
    props.value = { photos: photos.filter(Boolean), left_out: leftOut };
    trigger("chosen");
}

part("pick").addEventListener("click", () => part("files").click());
part("stop").addEventListener("click", () => {
    work?.abort();
    work = null;
    show(0, 1);
    part("pick").focus();
});
part("files").addEventListener("change", (event) => {
    const files = [...event.target.files];
    event.target.value = ""; // so that the same photos can be chosen again
    take(files);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
    root.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        root.classList.toggle("photos-dropping", kind === "dragover");
        if (kind === "drop") take([...event.dataTransfer.files]);
    });
}
root.dataset.ready = "";
