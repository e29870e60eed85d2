"""Build one model artifact: download the checkpoint, compile it for Neuron, write the manifest last.

BUILD_CONFIG is JSON: repository, revision, paths {checkpoint, compiled, manifest} and engine, the keyword arguments of
vllm.LLM, which quantises the weights where they say so. vLLM compiles into NEURON_COMPILED_ARTIFACTS, the same folder as
paths.compiled; HF_TOKEN opens gated repositories. Safe to run again: an artifact with a manifest is left as it is; without
one, what is complete of the checkpoint is not downloaded again, and the rest is done anew.
"""

import json
import os
import pathlib
import sys
import time


def log(message: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {message}", flush=True)


def build(config: dict) -> None:
    paths = config["paths"]
    manifest = pathlib.Path(paths["manifest"])
    if manifest.exists():
        log(f"{manifest} is there: nothing to do")
        return
    pathlib.Path(paths["compiled"]).mkdir(parents=True, exist_ok=True)

    from huggingface_hub import snapshot_download

    log(f"downloading {config['repository']} at {config['revision']}")
    snapshot_download(
        repo_id=config["repository"],
        revision=config["revision"],
        local_dir=paths["checkpoint"],
        token=os.environ.get("HF_TOKEN"),
    )

    from vllm import LLM

    log("compiling for Neuron; this takes 15 to 45 minutes for 8 billion parameters")
    LLM(**config["engine"])

    if not any(pathlib.Path(paths["compiled"]).iterdir()):
        sys.exit(f"vLLM returned but left nothing in {paths['compiled']}: the artifact would recompile on every start")
    partial = manifest.with_suffix(".partial")
    partial.write_text(json.dumps(config, indent=2, sort_keys=True))
    partial.rename(manifest)
    log(f"artifact complete: {manifest}")


if __name__ == "__main__":
    build(json.loads(os.environ["BUILD_CONFIG"]))
