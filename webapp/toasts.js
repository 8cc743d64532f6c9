// Gradio's messages are a button with a button inside: of the two only the inner one, which closes them, is left.
() => {
    const mend = () => {
        for (const header of document.querySelectorAll(".toast-header[role=button]")) {
            for (const name of ["role", "tabindex"]) header.removeAttribute(name);
        }
    };
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
}
