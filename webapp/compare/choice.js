// Which two systems are compared stands in the address (?compare=stnet.average), so that links, reloads and Back keep it.

const PARAMETER = "compare";
const CHOSEN = "stnet-compare-chosen"; // heard by every part of the page that shows the choice
const watched = new AbortController(); // of what is listened to outside this component

function choice() {
    const pair = (new URLSearchParams(location.search).get(PARAMETER) ?? "").split(".");
    return pair.length === 2 && pair.every((name) => props.systems.some((system) => system.name === name)) ? pair : null;
}

function choose(pair) {
    const address = new URL(location.href);
    if (pair === null) address.searchParams.delete(PARAMETER);
    else address.searchParams.set(PARAMETER, pair.join("."));
    window.history.replaceState(window.history.state, "", address);
    window.dispatchEvent(new Event(CHOSEN));
}

function onChoice(show) {
    const follow = () => {
        if (element.isConnected) show();
        else watched.abort();
    };
    for (const kind of [CHOSEN, "popstate"]) window.addEventListener(kind, follow, { signal: watched.signal });
    show();
}
