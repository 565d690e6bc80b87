"""Rasa Pro's own loader and validators, called as a library, which needs no licence: nothing is trained or served.

usage: library.py PROJECT [PROJECT ..]      in an environment with rasa-pro 3.21.0
"""

import logging
import pathlib
import sys

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
from rasa.shared.core.flows.yaml_flows_io import YAMLFlowsReader  # noqa: E402
from rasa.shared.importers.importer import TrainingDataImporter  # noqa: E402
from rasa.validator import Validator  # noqa: E402

CHECKS = (
    "verify_domain_validity", "verify_flows_steps_against_domain", "verify_unique_flows", "verify_predicates",
    "verify_slot_mappings", "verify_flows", "verify_intents", "verify_nlu",
)


def faults(folder):
    """What the library refuses."""
    for name in ("flows", "patterns"):
        try:
            YAMLFlowsReader.read_from_string((folder / "data" / (name + ".yml")).read_text(encoding="utf-8")).validate()
        except Exception as error:
            yield "%s: %s: %s" % (name, type(error).__name__, str(error)[:300])
    paths = [str(folder / "config.yml"), str(folder / "domain.yml")]
    validator = Validator.from_importer(TrainingDataImporter.load_from_config(*paths, [str(folder / "data")]))
    for check in CHECKS:
        if not getattr(validator, check)():
            yield check


def main(folders):
    failed = 0
    for folder in map(pathlib.Path, folders):
        found = list(faults(folder))
        failed += bool(found)
        for fault in found:
            print("%s: %s" % (folder.name, fault))
    print("rasa-pro as a library: %d projects, %d refused" % (len(folders), failed))
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
