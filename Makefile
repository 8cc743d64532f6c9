# `make app` opens the demo, `make test` proves the repository. Both set everything up first.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_MCP := $(VENV)/.installed-mcp
INSTALLED_DEVELOPMENT := $(VENV)/.installed-development
INSTALLED_RELEASE := $(VENV)/.installed-release
TIMM_INSTALLED := build/timm/.installed
JAVASCRIPT := tests/e2e/javascript
JAVASCRIPT_INSTALLED := $(JAVASCRIPT)/node_modules/.installed
SOURCES := app.py webapp stnet index_builder scripts benchmarks tests
PYTEST_ARGS ?=
ABLATION_ARGS ?=
CHECKPOINT ?= assets/checkpoint
ASSETS ?= assets
SCENES ?= 300
GALLERY_PHOTOS := data/gallery-photos
SCENE_PICTURES := data/scene-pictures
# what `index_builder` is told for both galleries
STORED := --checkpoint $(CHECKPOINT) --picture-format webp --overwrite

.DEFAULT_GOAL := help
.PHONY: help setup setup-development setup-browser setup-javascript setup-timm app test check release-check format clean train-tiny reference gallery systems ablation results

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Make .venv and install what the page and the search need (quick when nothing changed)

$(INSTALLED): requirements.txt constraints.txt pyproject.toml scripts/find_python.sh
	@python="$$(sh scripts/find_python.sh $(PYTHON))" && \
	{ $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$$python" -m venv --clear $(VENV); }
	@echo "Installing into $(VENV): a few minutes the first time"
	$(BIN)/python -m pip install -qq -r requirements.txt -c constraints.txt
	$(BIN)/python -m pip install -qq --editable . -c constraints.txt
	@touch $@

$(INSTALLED_MCP): $(INSTALLED)
	$(BIN)/python -m pip install -qq --editable '.[mcp]' -c constraints.txt
	@touch $@

setup-development: $(INSTALLED_DEVELOPMENT) ## Install what training, tests and checks need, too

$(INSTALLED_DEVELOPMENT): $(INSTALLED)
	$(BIN)/python -m pip install -qq --editable '.[train,systems,dev,mcp,distributed,onnx]' -c constraints.txt
	@touch $@ $(INSTALLED_MCP)

setup-browser: setup-development ## Find or install the Chromium that the browser tests drive
	@$(BIN)/python scripts/find_chromium.py --install

setup-javascript: $(JAVASCRIPT_INSTALLED) ## Install the JavaScript client that the tests call the endpoints with

$(JAVASCRIPT_INSTALLED): $(JAVASCRIPT)/package-lock.json scripts/setup_javascript.sh | $(INSTALLED_DEVELOPMENT)
	@sh scripts/setup_javascript.sh $(BIN)
	@touch $@

setup-timm: $(TIMM_INSTALLED) ## Install timm for its tests alone, apart from everything else

$(TIMM_INSTALLED): tests/model/timm-requirements.txt | $(INSTALLED_DEVELOPMENT)
	rm -rf $(@D)
	$(BIN)/python -m pip install -qq --no-deps --target $(@D) -r tests/model/timm-requirements.txt
	@touch $@

app: setup $(if $(MCP),$(INSTALLED_MCP)) ## Open the demo on http://127.0.0.1:7860 (PORT=8000 for another port, MCP=1 for MCP clients)
	$(BIN)/python app.py

check: setup-development ## Lint, formatting and types
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	@find webapp -name '*.pyi' -delete # of earlier versions; mypy would read them instead of our files
	$(BIN)/mypy

test: setup-browser setup-javascript setup-timm check ## Check, then run every test, the browser tests included
	$(BIN)/python -m pytest $(PYTEST_ARGS)

$(INSTALLED_RELEASE): $(INSTALLED_DEVELOPMENT)
	$(BIN)/python -m pip install -qq --editable '.[release]'
	@touch $@

release-check: test $(INSTALLED_RELEASE) ## What a release needs: every test, damaged bytes, load, known vulnerabilities, licences, the Space's files
	$(BIN)/python -m benchmarks.byte_fuzz --trials 200
	$(BIN)/python -m benchmarks.load --seconds 60
	$(BIN)/python -m scripts.licences
	-$(BIN)/python -m pip_audit --requirement constraints.txt --no-deps --disable-pip
	$(BIN)/python -m stnet.hub push-space . owner/name --dry-run
	$(BIN)/python -m scripts.try_space

format: setup-development ## Format the code and fix what ruff can fix
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

train-tiny: setup-development ## Train, index and search in minutes on a laptop's CPU, on shapes drawn in code
	$(BIN)/python scripts/train_tiny.py

reference: setup-development ## Train a checkpoint like assets/checkpoint from data/ (killed, it goes on)
	$(BIN)/python -m stnet.train --recipe configs/reference
	$(BIN)/python -m stnet.training.halfway --before runs/reference/2-joint --after runs/reference/3-match --out runs/reference/halfway
	$(BIN)/python -m stnet.training.naming --run runs/reference/halfway --out runs/reference/named
	$(BIN)/python -m stnet.export --run runs/reference/named --sketch-share 0.25 --names-share 0.7 --image-sizes 192 288 --out runs/reference/checkpoint

$(GALLERY_PHOTOS)/CREDITS.md: | $(INSTALLED_DEVELOPMENT)
	$(BIN)/python -m stnet.data.gallery_photos --out $(GALLERY_PHOTOS)

data/bank/bank.json: | $(INSTALLED_DEVELOPMENT)
	$(BIN)/python -m stnet.data.objects --out data/bank

gallery: setup-development $(GALLERY_PHOTOS)/CREDITS.md data/bank/bank.json ## Make assets/gallery (photographs) and assets/gallery-scenes (composed) for CHECKPOINT; needs Debian's apt
	rm -rf $(SCENE_PICTURES)
	$(BIN)/python -m stnet.data.suites --suite gallery --images $(SCENES) --size 512 --backdrops $(GALLERY_PHOTOS)/images --out $(SCENE_PICTURES)
	$(BIN)/python -m index_builder --images $(GALLERY_PHOTOS)/images --name Photographs --picture-quality 75 $(STORED) --out $(ASSETS)/gallery
	$(BIN)/python -m index_builder --images $(SCENE_PICTURES) --name "Composed scenes" --picture-quality 60 $(STORED) --out $(ASSETS)/gallery-scenes
	rm -f $(ASSETS)/gallery/NOTICE.txt
	cp $(GALLERY_PHOTOS)/CREDITS.md $(ASSETS)/gallery
	cp $(SCENE_PICTURES)/CREDITS.md $(SCENE_PICTURES)/NOTICE.txt $(ASSETS)/gallery-scenes

POOL := runs/systems/pool/pool.json
CROPS := runs/systems/pool/crops/key.json
SEEDS ?= 0 1
MEASURED ?= scenes-1k scenes-5k scenes-open photos

$(POOL): configs/systems/training/pool.yaml | $(INSTALLED_DEVELOPMENT)
	$(BIN)/python -m stnet.systems.make_pool

$(CROPS): $(POOL)
	$(BIN)/python -m stnet.systems.make_crops

systems: setup-development $(CROPS) ## Train the papers' systems alike and measure them side by side, into docs/results (SEEDS, MEASURED)
	for seed in $(SEEDS); do \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/training/stnet.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/training/text-only.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/training/sketch-only.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/concat-crops.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/concat.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/duet.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/duet-aligned.yaml --seed $$seed && \
	  $(BIN)/python -m stnet.systems.train --config configs/systems/zse.yaml --seed $$seed || exit 1; \
	done
	for suite in $(MEASURED); do \
	  $(BIN)/python -m stnet.systems.compare --suite $$suite --drawings data/sketches --seeds $(SEEDS) --json docs/results/systems-$$suite.json || exit 1; \
	done
	$(BIN)/python -m stnet.systems.uses --suite scenes-1k --drawings data/sketches --seeds $(SEEDS) --json docs/results/uses-scenes-1k.json
	for suite in scenes-1k scenes-5k; do \
	  $(BIN)/python -m stnet.systems.compare --suite $$suite --crops --systems concat-crops concat stnet --drawings data/sketches --seeds $(SEEDS) --json docs/results/systems-$$suite-crops.json || exit 1; \
	done
	$(BIN)/python -m benchmarks.report docs/results

ablation: setup-development $(POOL) ## What each part of STNET's training is worth, into docs/results (SEEDS)
	$(BIN)/python -m stnet.ablation --seeds $(SEEDS) --drawings data/sketches --json docs/results/ablation.json $(ABLATION_ARGS)
	$(BIN)/python -m benchmarks.report docs/results

results: setup ## Write the tables of docs/results/README.md anew from the JSON beside it
	$(BIN)/python -m benchmarks.report docs/results

clean: ## Remove caches (not .venv, data or runs)
	rm -rf .mypy_cache .pytest_cache .ruff_cache build *.egg-info
