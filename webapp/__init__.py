"""The page and the endpoints of app.py: Gradio components around one SearchEngine."""
