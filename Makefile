# Everything here works from a bare clone: packages and tools are installed on the way.
STACK ?= local
OUT ?= rendered
SHELL := /bin/bash

node = node --require llm-gateway/typescript

.DEFAULT_GOAL := help
.PHONY: help up down status preflight verify load plan watch preview render test golden mutants bench schema format

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# Downloads the sources of the tools; the build that follows waits for what is not there yet, and reports what cannot be had.
define fetch_sources
(for module in etcd control-plane engine keda; do \
	(cd local/tools/$$module && go list -e -deps -tags tools . ./... ) >/dev/null 2>&1; done) &
endef
# Beside npm, which needs the network as well but not all of it.
up test: fetch = $(fetch_sources)

up: node_modules ## build tools, start the control plane, deploy the local stack; safe to repeat
	@$(node) local/environment/cli.ts up

down: node_modules ## stop and remove everything that up started
	@$(node) local/environment/cli.ts down

status: node_modules ## pods, autoscalers and nodes of the embedded environment
	@$(node) local/environment/cli.ts status

preflight: node_modules ## what a stack needs of its AWS account, before it costs money: make preflight STACK=dev
	@$(node) operations/cli.ts preflight --stack $(STACK) $(ARGS)

verify: node_modules ## the operator's checklist against the embedded environment
	@$(node) operations/cli.ts verify --kubeconfig .state/local/kubeconfig $(ARGS)

load: node_modules ## load on the embedded environment, with a report: make load ARGS="--rate 5 --duration 60"
	@$(node) operations/cli.ts load --kubeconfig .state/local/kubeconfig $(ARGS)

plan: node_modules ## which scaling settings for my requests: make plan ARGS="--stack prod --model NAME --trace requests.jsonl"
	@$(node) operations/cli.ts plan $(ARGS)

watch: node_modules ## autoscalers, pods, requests and events of the embedded environment, live
	@$(node) operations/cli.ts watch --kubeconfig .state/local/kubeconfig $(ARGS)

preview: node_modules ## the engine's preview with the policy pack: make preview STACK=local
	@$(node) local/environment/cli.ts preview --stack $(STACK)

render: node_modules ## every Kubernetes object as YAML, secrets masked: make render STACK=local OUT=dir
	@$(node) local/environment/cli.ts render --stack $(STACK) --out $(OUT)

test: node_modules ## format, lint, types and all test levels, with one summary; LEVEL=unit runs one level
	@$(node) test/run.ts $(LEVEL)

golden: node_modules ## write test/golden anew: every object of the stacks, as text for the reviewer of a change
	@$(node) test/golden/write.ts

mutants: node_modules ## mutation tests of the files that differ from main: make mutants FILES=domain/cidr.ts, or ALL=1
	@FILES="$(FILES)" ALL="$(ALL)" $(node) test/mutants/run.ts

bench: node_modules ## previews next to the engine's floor, the gateway next to a plain one and by its parts, routing strategies, overload, ways to scale, and a replay of two
	@$(node) test/bench/preview.ts
	@$(node) test/bench/gateway.ts
	@$(node) test/bench/gatewayParts.ts
	@$(node) test/bench/routing.ts
	@$(node) test/bench/overload.ts
	@$(node) test/bench/policies.ts
	@$(node) test/bench/scaling.ts
	@$(node) test/bench/replay.ts

schema: node_modules ## write JSON Schema and reference of the stack configuration anew
	@$(node) config/writeSchema.ts

format: node_modules ## format all files
	@npx prettier --write .

node_modules: package.json package-lock.json
	@command -v node >/dev/null || { echo "error: Node.js is not on PATH"; echo "remedy: install Node.js 24 (https://nodejs.org)"; exit 1; }
	@node -e 'const [a,b]=process.versions.node.split(".").map(Number); if (a<20||(a===20&&b<19)) { console.error("error: Node.js "+process.versions.node+" is too old: 20.19 is the oldest that works\nremedy: install Node.js 24 (https://nodejs.org)"); process.exit(1) }'
	@echo "Installing npm packages..."
	@$(fetch) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch node_modules
