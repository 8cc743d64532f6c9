# The demo as a service: docker build -t stnet . && docker run --read-only --tmpfs /tmp -p 7860:7860 stnet
# docs/deploy.md says what else there is to know.
FROM python:3.12-slim

RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent stnet
WORKDIR /srv/stnet

COPY requirements.txt constraints.txt ./
# the CPU's torch first: PyPI's brings gigabytes for a GPU that is not there
RUN pip install --no-cache-dir torch -c constraints.txt --index-url https://download.pytorch.org/whl/cpu \
    && pip install --no-cache-dir -r requirements.txt -c constraints.txt

COPY LICENSE README.md app.py ./
COPY stnet stnet
COPY index_builder index_builder
COPY webapp webapp
COPY assets assets

# nothing is written but uploads, and those into /tmp
ENV PYTHONDONTWRITEBYTECODE=1 GRADIO_SERVER_NAME=0.0.0.0 PORT=7860
USER stnet
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/config', timeout=5)"]
CMD ["python", "app.py"]
