"""Lowers every document of this repository and asks a validator whether what
comes out is a document of OpenAPI 3.0.

Wants `openapi-spec-validator` and a built `xtask`, whose path is its argument.
"""

import json
import pathlib
import subprocess
import sys

import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

# Where documents are kept, from the root of the repository.
PLACES = ["openapi", "tests", "crates/openapi-prep/tests", "xtask/tests"]


def is_document(path):
    """Whether a file holds a document of OpenAPI 3, as far as can be told."""
    try:
        if path.suffix == ".json":
            value = json.loads(path.read_text())
        elif path.suffix in (".yaml", ".yml"):
            value = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        else:
            return False
    except (ValueError, yaml.YAMLError):
        return False
    return isinstance(value, dict) and str(value.get("openapi", "")).startswith("3.")


def main(xtask):
    paths = sorted(
        path for place in PLACES for path in pathlib.Path(place).rglob("*") if is_document(path)
    )
    bad = 0
    for path in paths:
        ran = subprocess.run([xtask, "spec", "lower", path], capture_output=True, text=True)
        if ran.returncode:
            wrong = [ran.stderr]
        else:
            errors = OpenAPIV30SpecValidator(json.loads(ran.stdout)).iter_errors()
            wrong = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors]
        print(f"{path}: {len(wrong) or 'valid'}")
        for line in wrong:
            print(f"    {line}")
        bad += bool(wrong)
    print(f"{len(paths)} documents, {bad} not valid")
    # None found would mean that nothing was looked at.
    return 1 if bad or len(paths) < 5 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
