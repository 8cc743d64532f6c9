"""Colours and fonts of the page."""

import gradio as gr

FONTS = ("system-ui", "sans-serif")  # what the visitor has: nothing to download


def theme() -> gr.themes.Base:
    """Soft, a shade darker where its text is hard to read (WCAG asks for a contrast of 4.5)."""
    return gr.themes.Soft(primary_hue="indigo", neutral_hue="slate", font=FONTS).set(
        body_text_color_subdued="*neutral_600",
        block_title_text_color="*primary_700",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_700",
        button_secondary_background_fill_hover_dark="*primary_700",
        checkbox_label_background_fill_selected="*primary_600",
        block_border_width="1px",
        input_border_width="1px",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
    )
