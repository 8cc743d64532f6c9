// Links, code and files of the answer on the page. Gradio runs this with element, trigger, props, server and watch.

const LONG_LINK = 8000; // letters; some programs cut what is longer
const COLUMNS = ["rank", "id", "score", "percentile", "x0", "y0", "x1", "y1", "image", "heatmap"];

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const address = () => location.origin + location.pathname;

function say(text) {
    part("said").textContent = text;
}

// To the clipboard, and in any case into sight: a browser may refuse the clipboard, and then it is copied by hand.
async function copy(text, name) {
    const box = part("text");
    box.value = text;
    box.hidden = false;
    try {
        await navigator.clipboard.writeText(text);
        return `${name} copied.`;
    } catch {
        box.focus();
        box.select();
        return `Your browser doesn't let this page copy. Copy the marked text by hand (Ctrl+C).`;
    }
}

async function copyLink() {
    const { fragment, refusal } = props.value;
    if (fragment === null) return refusal;
    const compared = new URLSearchParams(location.search).get("compare"); // which two systems, see webapp/compare
    const link = `${address()}${compared ? `?compare=${encodeURIComponent(compared)}` : ""}#${fragment}`;
    const done = `${await copy(link, "Link")} ${props.value.note}`.trim();
    if (link.length <= LONG_LINK) return done;
    const length = link.length.toLocaleString("en");
    return `${done} It has ${length} letters, and some programs cut links longer than ${LONG_LINK.toLocaleString("en")}: a drawing of fewer strokes makes a shorter one.`;
}

async function copyCode(kind, name) {
    const code = await server.code({ query: props.value.query, address: address(), own: props.value.own });
    return code.refusal ?? `${await copy(code[kind], name)} ${props.value.note}`.trim();
}

function download(content, type, ending) {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([content], { type }));
    anchor.download = `stnet-results.${ending}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
    return `The ${ending.toUpperCase()} file is in your downloads.`;
}

// RFC 4180: a cell with commas, quotes or line breaks stands in quotes, and quotes in it are doubled. A spreadsheet
// would compute a text that begins like a formula: an apostrophe before it says that it is text.
function cell(value) {
    const formula = typeof value === "string" && /^[=+\-@\t\r]/.test(value);
    const text = value === null ? "" : `${formula ? "'" : ""}${value}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(answer) {
    const rows = answer.results.map(({ rank, id, score, percentile, box, image, heatmap }) => [
        rank, id, score, percentile, ...(box ?? [null, null, null, null]), image, heatmap,
    ]);
    // the mark at the beginning tells a spreadsheet that this is UTF-8
    return "\ufeff" + [COLUMNS, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

// The page draws the heat itself: its pictures are painted on the server only for who takes the answer along.
async function whole() {
    const { answer, query } = props.value;
    if (answer.results.every(({ image }) => image === null)) return answer; // from a visitor's own photos
    const heatmaps = await server.heatmaps({ query, address: address() });
    return { ...answer, results: answer.results.map((result, i) => ({ ...result, heatmap: heatmaps[i] })) };
}

const actions = {
    link: copyLink,
    python: () => copyCode("python", "Python code"),
    curl: () => copyCode("curl", "Commands"),
    json: async () => download(JSON.stringify(await whole(), null, 1), "application/json", "json"),
    csv: async () => download(table(await whole()), "text/csv", "csv"),
    zip: downloadPictures,
};

for (const [name, action] of Object.entries(actions)) {
    element.querySelector(`[data-action="${name}"]`).addEventListener("click", async () => {
        say("");
        try {
            say(await action());
        } catch {
            say("The server gives no answer: try again.");
        }
    });
}

function refresh() {
    part("root").hidden = !props.value;
    part("text").hidden = true;
    say("");
}

watch("value", refresh);
refresh();
