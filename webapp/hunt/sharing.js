// A link to a hunt says the day, the collection and how somebody fared, and nothing of the picture.

function linkOf({ day, mark, best, searches }) {
    const said = new URLSearchParams({ [props.link_name]: day, collection: mark });
    if (best !== null) said.set("rank", best);
    if (searches > 0) said.set("searches", searches);
    return `${location.origin}${location.pathname}#${said}`;
}

// What the page's address says of a hunt, as anybody may have written it; null if it says nothing.
function linkHere() {
    const said = new URLSearchParams(location.hash.slice(1));
    const day = said.get(props.link_name);
    const number = (name) => (/^[1-9]\d{0,8}$/.test(said.get(name) ?? "") ? Number(said.get(name)) : null);
    if (!/^\d{4}-\d\d-\d\d$/.test(day ?? "")) return null;
    return { day, mark: said.get("collection"), rank: number("rank"), searches: number("searches") };
}

function challengeOf(link) {
    if (link?.rank == null || link.searches === null) return "";
    const effort = times(link.searches, "search");
    return link.rank === 1
        ? `Somebody found this picture in ${effort}. Can you?`
        : `Somebody brought this picture to rank ${link.rank.toLocaleString("en")} in ${effort}. Can you do better?`;
}

function boast() {
    const { day, best, searches, looks, end } = story;
    const reached = best === null ? "not near yet" : `rank ${best.toLocaleString("en")}`;
    return `STNET hunt of ${day}: ${end === "found" ? "found" : reached} in ${times(searches, "search")}, ${times(looks, "look")}.\n${linkOf(story)}`;
}

// To the clipboard, and in any case into sight, where it can be copied by hand.
async function share() {
    const box = part("text");
    box.value = boast();
    box.hidden = false;
    try {
        await navigator.clipboard.writeText(box.value);
        return "Copied: the link says your rank, and nothing of the picture.";
    } catch {
        box.focus();
        box.select();
        return "Your browser doesn't let this page copy. Copy the marked text by hand (Ctrl+C).";
    }
}
