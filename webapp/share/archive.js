// The pictures that are shown, as a ZIP: the server packs it and delivers where it can be fetched.

const PACKED_WITHIN = 120000; // milliseconds; after that it won't come any more

let orders = 0;

function delivered(number) {
    return new Promise((done, fail) => {
        const heard = new AbortController();
        const stop = (then, what) => {
            heard.abort();
            then(what);
        };
        const listener = ({ detail }) => {
            if (detail.to === props.addressee && detail.number === number) stop(done, detail);
        };
        document.addEventListener(props.delivered, listener, { signal: heard.signal });
        setTimeout(() => stop(fail), PACKED_WITHIN);
    });
}

async function downloadPictures() {
    orders += 1;
    const coming = delivered(orders);
    const shown = document.getElementById(props.list)?.querySelectorAll(".thumbnail-item").length;
    trigger("pack", { number: orders, count: shown ?? props.value.answer.results.length });
    say("The pictures are being packed.");
    const { path, count, refusal } = await coming;
    if (refusal) return refusal;
    const anchor = document.createElement("a");
    anchor.href = addressOf(path);
    anchor.download = ""; // as the server calls it
    anchor.click();
    return `The ZIP file with ${count} pictures and their credits is in your downloads.`;
}
