"""The page and the endpoints of app.py: Gradio components around one SearchEngine."""

import os

from webapp.stubs import leave_out_stubs

# never: after every call Gradio would sum up the last 10,000, for a monitor that is not served here
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
leave_out_stubs()  # here, since whatever imports gradio for the page is in this package
