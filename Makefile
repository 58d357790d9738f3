# The two commands of the README are `make demo` and `make test`; both begin with `make install`.

PYTHON ?= python3.11
BIN := .venv/bin
UV := $(BIN)/uv
TESTS := $(BIN)/pytest
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 4 --dist worksteal
export UV_PYTHON_DOWNLOADS := never
# Small products are slower on two threads than on one, and far slower on a busy machine.
export OMP_NUM_THREADS ?= 1

.PHONY: install demo serve test check slow bench lock clean

install: .venv/installed build/assets/made

.venv/installed: requirements.lock requirements-uv.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Cần Python 3.11: không thấy $(PYTHON)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
		echo "Không tạo được .venv: trên Debian hãy cài gói python3-venv."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(UV) pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --offline -e .
	@touch $@

build/assets/made: package-lock.json assets.sh .venv/installed
	sh assets.sh
	@touch $@

demo: install
	$(BIN)/thucchat demo

serve: install
	$(BIN)/thucchat serve

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(TESTS) $(SIDE_BY_SIDE) -q -m "not slow and not browser" --cov --cov-report=

test: install check slow

slow: install
	$(TESTS) -q -m "slow or browser" --cov --cov-append --cov-report=
	$(BIN)/coverage report --format=total --fail-under=$$(cat coverage-floor)

bench: install
	$(BIN)/thucchat bench

lock:
	$(UV) pip compile --quiet pyproject.toml --extra dev --generate-hashes --no-emit-index-url \
		--no-annotate --no-header -o requirements.lock
	npm install --package-lock-only --no-progress

clean:
	rm -rf .venv build node_modules
