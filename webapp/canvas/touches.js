// Which touches draw: not the hand beside a pen, and never two fingers.

const PEN_STAYS = 60; // seconds after which a pen that isn't seen was laid down

let penSeen = null; // when, in milliseconds of the page

function isPalm({ pointerType }) {
    return pointerType === "touch" && penSeen !== null && performance.now() - penSeen < PEN_STAYS * 1000;
}

function takeBack() {
    letGo();
    refresh();
}

function notice(event) {
    const isTouched = pointer?.type === "touch";
    if (event.pointerType === "pen") {
        if (penSeen === null) describeLimits("Fingers draw again a minute after your pen.");
        penSeen = performance.now();
        if (isTouched) takeBack(); // that touch was the palm
    } else if (event.type === "pointerdown" && event.pointerType === "touch" && isTouched) {
        takeBack(); // a pinch, wherever on the page its second finger is
    }
}

// A pen is seen as soon as it hovers: the palm often comes before its tip.
for (const kind of ["pointerdown", "pointermove", "pointerup"]) listen(document, kind, notice, { capture: true });
