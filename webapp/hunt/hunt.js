// The hunt: what its buttons do, and what follows a search. Gradio runs this with element, props, server and watch.

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const action = (name) => element.querySelector(`[data-action="${name}"]`);
const SILENT = "The server gives no answer: try again.";

let link = null; // that the page was opened by, until its hunt begins
let wanted = null; // the day whose picture the dialog shows; null for today
let asking = 0; // the number of the last question: only its answer counts

function say(text) {
    part("said").textContent = text;
}

function refresh(rank = null) {
    const hunting = story !== null;
    action("begin").hidden = hunting;
    part("strip").hidden = !hunting;
    part("root").toggleAttribute("data-hunting", hunting);
    if (!hunting) return;
    action("giveUp").hidden = action("again").hidden = story.end !== null;
    action("share").hidden = story.searches === 0;
    part("reveal").hidden = story.end === null;
    part("text").hidden = true;
    say(told(rank));
}

// What the server answers; a refusal or a silence is said by `complain`, and there is no answer.
async function asked(question, complain) {
    try {
        const answer = await question();
        if (answer.refusal === undefined) return answer;
        complain(answer.refusal);
    } catch {
        complain(SILENT);
    }
    return null;
}

function fetchPicture(image, day, complain) {
    const question = async () => {
        const answer = await server.picture({ day });
        if (answer.refusal === undefined) await load(image, answer);
        return answer;
    };
    return asked(question, complain);
}

function invite() {
    wanted = link?.day ?? null;
    part("title").textContent = link === null ? "Today's hunt" : `The hunt of ${link.day}`;
    part("challenge").textContent = challengeOf(link);
    part("challenge").hidden = part("challenge").textContent === "";
    openDialog();
}

function openDialog() {
    part("refusal").textContent = "";
    part("before").hidden = false;
    part("during").hidden = true;
    part("dialog").showModal();
    part("title").focus();
}

function again() {
    wanted = story.day;
    part("title").textContent = "Once more";
    part("challenge").hidden = true;
    openDialog();
}

async function show() {
    const complain = (text) => (part("refusal").textContent = text);
    complain("");
    const found = await fetchPicture(part("picture"), wanted, complain);
    if (found === null || !part("dialog").open) return;
    const goesOn = story?.day === found.day && story.mark === found.mark;
    const begun = { day: found.day, mark: found.mark, gallery: found.gallery, size: found.size, searches: 0, looks: 0, best: null, end: null };
    const other = link?.mark && link.mark !== found.mark;
    keepStory({ ...(goesOn ? story : begun), looks: (goesOn ? story.looks : 0) + 1 });
    link = null;
    refresh(story.best);
    if (other) say("The link is from another collection: here, that day has another picture.");
    startLooking();
}

function hidden() {
    if (!stopLooking()) return;
    document.getElementById(props.paper)?.querySelector("canvas")?.focus(); // to draw what was seen
}

async function reveal() {
    const found = await fetchPicture(part("revealed"), story.day, say);
    if (found === null) return;
    part("credit").textContent = [found.caption, found.credit].filter(Boolean).join(" · ");
}

async function giveUp() {
    keepStory({ ...story, end: "given up" });
    refresh();
    action("share").focus();
    await reveal();
}

async function follow() {
    if (!props.value || story === null || story.end !== null) return;
    const { query, own } = props.value;
    if (own) return say(`The hunt is in “${story.gallery}”, not in your photos.`);
    const { day } = story;
    asking += 1;
    const mine = asking;
    const found = await asked(() => server.rank({ query, day }), say);
    if (found === null || mine !== asking || story?.day !== day || story.end !== null) return;
    keepStory(counted(found.rank));
    refresh(found.rank);
    if (story.end === "found") await reveal();
}

const actions = {
    begin: invite,
    show,
    again,
    giveUp,
    pause,
    cancel: () => part("dialog").close(),
    hide: () => part("dialog").close(),
    share: async () => say(await share()),
    end() {
        asking += 1;
        keepStory(null);
        refresh();
        action("begin").focus();
    },
};

function openLink() {
    link = linkHere();
    if (link !== null && link.day === story?.day) link = null; // that hunt goes on
    if (link !== null && !part("dialog").open) invite();
}

for (const [name, listener] of Object.entries(actions)) action(name).addEventListener("click", listener);
part("dialog").addEventListener("close", hidden);
window.addEventListener("hashchange", () => element.isConnected && openLink());
keepStory(readStory());
refresh(story?.best);
if (story?.end) reveal();
openLink();
watch("value", follow);
element.querySelector("[data-part=root]").dataset.ready = "";
