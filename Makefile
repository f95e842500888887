# Lacquer: every command of the project. `make help` lists them. The steps are in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

.PHONY: help run test check lint bindings bench bench-app bench-lambdas kills load dev screenshot setup setup-test ui bundle bundle-test package deploy test-aws demo-album deny advisories clean

help: ## lists these
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: setup ui ## delivers the demo album into demo-workspace/, then opens the window there
	@scripts/run

test: setup-test ui ## runs everything: Rust, UI, the real window, real servers
	@scripts/test

check: setup ui ## the quick inner loop: format, lints, types, unit tests
	@scripts/lint
	@scripts/unit

lint: setup ui ## format, lints with warnings denied, types
	@scripts/lint

bindings: setup ## writes ui/src/bindings.ts anew, after a change of what the window is told
	@LACQUER_BLESS=1 cargo test --quiet -p lacquer --lib bindings

bench: setup-test ## measures against ffmpeg, in the same run
	@benches/run

bench-app: setup-test ui ## measures the window: first paint, memory, how long it is held up
	@benches/app

bench-lambdas: setup-test package ## measures the functions' packages: start, time and memory, beside ffmpeg (docs/lambdas.md)
	@benches/lambdas

KILLS ?= 1000
kills: setup-test ## kills deliveries at KILLS seeded times, a thousand if not told (docs/soaks.md)
	@LACQUER_KILLS=$(KILLS) cargo test --quiet -p lacquer-cli --features failpoints --test kill -- --nocapture killed_at_seeded_times

load: setup-test ## 2,000 tracks in 150 releases at once through the emulator and the functions' programs (docs/soaks.md)
	@cargo bench --quiet --profile dev --workspace --features lacquer-cli/failpoints,cloud/lambda --bench load

dev: setup ## opens the window with pages that reload as they are edited
	@ui/node_modules/.bin/tauri dev --config tauri.dev.conf.json -- -- --workspace demo-workspace

screenshot: setup-test ui ## photographs the window without a display, into screenshots/
	@scripts/screenshot

setup: ## installs what building needs
	@scripts/setup build

setup-test: ## installs what building and testing need
	@scripts/setup build test

ui: setup ## builds the pages, if one changed
	@scripts/ui

bundle: setup ui ## builds a deb and an rpm, with the window, lacquer-cli and the demo album
	@scripts/setup bundle
	@scripts/bundle

bundle-test: setup-test bundle ## makes them and tries them: as root installed, and removed again
	@scripts/bundle-test

package: setup ## builds the cloud's functions as Lambda wants them, into target/lambda
	@scripts/setup cloud
	@scripts/package

deploy: package ## deploys the cloud into your AWS account, after showing what would change (docs/deploy.md)
	@scripts/deploy

test-aws: package ## tries in your AWS account what no emulator can show, in a stack of its own, and removes it (costs cents)
	@scripts/test-aws

demo-album: setup ## composes assets/demo-album anew
	@cargo run --quiet --release -p demo-album -- assets/demo-album

deny: setup ## judges licences, sources and bans with cargo-deny
	@scripts/deny licenses sources bans

advisories: setup ## asks the RustSec database about every dependency (needs a network)
	@scripts/deny advisories

clean: ## removes what was built, and the demo's workspace
	@cargo clean --quiet
	@rm -rf ui/dist ui/node_modules demo-workspace screenshots
