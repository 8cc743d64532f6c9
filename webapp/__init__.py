"""The page and the endpoints of app.py: Gradio components around one SearchEngine."""

from webapp.stubs import leave_out_stubs

leave_out_stubs()  # here, since whatever imports gradio for the page is in this package
