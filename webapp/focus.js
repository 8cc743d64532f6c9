// A button that has done its work and goes leaves the focus to the one that stands for its place, not to nowhere.
() => {
    const PLACES = [
        ["#guesses, #cleared", "#go"],
        ["#photos", "#photos > button"],
        ["#where", "#where input:checked"],
    ];
    let held = null; // {node, heir: a selector}

    const isGone = (node) => !node.isConnected || node.disabled || node.getClientRects().length === 0;
    document.addEventListener("focusin", ({ target }) => {
        const place = PLACES.find(([places]) => target.closest?.(places));
        held = place ? { node: target, heir: place[1] } : null;
    });
    const heed = () => {
        if (held === null || ![document.body, held.node].includes(document.activeElement) || !isGone(held.node)) return;
        document.querySelector(held.heir)?.focus({ preventScroll: true });
    };
    const changes = { attributeFilter: ["class", "disabled", "hidden", "style"], childList: true, subtree: true };
    new MutationObserver(heed).observe(document.body, changes);
}
