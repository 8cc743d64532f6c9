// How far a hunt has come: {day, mark, gallery, size, searches, looks, best, end} in this browser's tab, and nowhere else.
// `end` is null, "found" or "given up"; `best` is the best rank so far, or null.

const STORY = `stnet ${props.link_name} ${location.pathname}`;

let story = null;

function readStory() {
    try {
        const kept = JSON.parse(sessionStorage.getItem(STORY));
        return typeof kept?.day === "string" ? kept : null;
    } catch {
        return null; // the browser keeps nothing for this page, or somebody else's text
    }
}

function keepStory(changed) {
    story = changed;
    try {
        if (story === null) sessionStorage.removeItem(STORY);
        else sessionStorage.setItem(STORY, JSON.stringify(story));
    } catch {
        // no storage: only a reload loses it
    }
}

// After a search that found the picture at a rank, or not at all (null).
function counted(rank) {
    const best = Math.min(story.best ?? Infinity, rank ?? Infinity);
    return {
        ...story,
        searches: story.searches + 1,
        best: Number.isFinite(best) ? best : null,
        end: rank === 1 ? "found" : null,
    };
}

const times = (count, what) => `${count.toLocaleString("en")} ${count === 1 ? what : what.replace(/(ch)?$/, (end) => (end ? "ches" : "s"))}`;

function told(rank) {
    const { searches, looks, best, end, size, day } = story;
    const effort = `${times(searches, "search")}, ${times(looks, "look")}`;
    if (end === "found") return `Found! Your picture came first, after ${effort}.`;
    if (end === "given up") {
        const reached = best === null ? "" : ` You came as near as rank ${best.toLocaleString("en")}.`;
        return `This was the picture of ${day}.${reached}`;
    }
    if (searches === 0) return "Now draw what you saw, say what was around it, and search.";
    const place = rank === null ? "Your picture is turned away from" : `Your picture is at rank ${rank.toLocaleString("en")}`;
    const before = best === null || best === rank ? "" : `; best so far: ${best.toLocaleString("en")}`;
    return `${place} of ${size.toLocaleString("en")}${before} (${effort}).`;
}
