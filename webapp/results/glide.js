// Pictures go from where they were to where the next list has them, and new ones appear: the page stays one thing.

const GLIDES = 450; // milliseconds
const APPEARS = 250;

const isSeen = (area) => area.width > 0 && area.bottom > 0 && area.top < window.innerHeight;

// Where the pictures are that can be seen, by their ids.
function placesOfTiles() {
    const shown = [...part("grid").querySelectorAll("button")].map((one, i) => [listed[i]?.id, one.getBoundingClientRect()]);
    return new Map(shown.filter(([id, area]) => id !== undefined && isSeen(area)));
}

function glide(before) {
    if (before.size === 0 || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const now = [...part("grid").querySelectorAll("button")].map((one, i) => [one, listed[i].id, one.getBoundingClientRect()]);
    for (const [one, id, to] of now) {
        const from = before.get(id);
        if (from) {
            const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width})`;
            one.animate([{ transform: start, transformOrigin: "0 0" }, { transform: "none", transformOrigin: "0 0" }], {
                duration: GLIDES,
                easing: "ease-in-out",
            });
        } else if (isSeen(to)) one.animate([{ opacity: 0 }, { opacity: 1 }], APPEARS);
    }
}
