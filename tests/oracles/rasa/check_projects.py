"""Let Rasa itself check exported projects, several in one process: loading it costs more than checking them.

usage: check_projects.py PROJECT [PROJECT ..]

Rasa's own validator, then its rule policy's search for contradictions; and what Rasa lets through in silence: names in
rules and stories that the domain does not declare. One line a project; exit 1 if any is refused.
"""
import functools
import json
import logging
import os
import pathlib
import sys
import tempfile
import warnings

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
import structlog  # noqa: E402
import tqdm  # noqa: E402

structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), cache_logger_on_first_use=False
)
tqdm.tqdm.__init__ = functools.partialmethod(tqdm.tqdm.__init__, disable=True)

from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.generator import TrainingDataGenerator  # noqa: E402
from rasa.shared.importers.importer import TrainingDataImporter  # noqa: E402
from rasa.validator import Validator  # noqa: E402


def importer_of(project, data):
    return TrainingDataImporter.load_from_config(
        os.path.join(project, "config.yml"), os.path.join(project, "domain.yml"), [os.path.join(project, data)]
    )


def validated(importer):
    """What rasa.validator refuses."""
    validator = Validator.from_importer(importer)
    asked = {
        "domain": validator.verify_domain_validity(),
        "nlu": validator.verify_nlu(ignore_warnings=False),
        "stories": validator.verify_story_structure(ignore_warnings=False),
        "slot mappings": validator.verify_slot_mappings(),
        "form slots": validator.verify_form_slots(),
        "forms": validator.verify_forms_in_stories_rules(),
        "actions": validator.verify_actions_in_stories_rules(),
    }
    return ["rasa.validator refuses: " + name for name, holds in asked.items() if not holds]


def ruled(importer):
    """The rule policy trains on rules and stories; it raises where they contradict each other."""
    domain = importer.get_domain()
    trackers = TrainingDataGenerator(
        importer.get_stories(), domain, remove_duplicates=False, augmentation_factor=0
    ).generate()
    settings = next(p for p in importer.get_config()["policies"] if p["name"] == "RulePolicy")
    config = {**RulePolicy.get_default_config(), **{k: v for k, v in settings.items() if k != "name"}}
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(pathlib.Path(folder))
        RulePolicy(config, storage, Resource("rules"), ExecutionContext(GraphSchema({}))).train(trackers, domain)


def undeclared(importer):
    """Names that Rasa drops in silence where the domain does not know them."""
    domain = importer.get_domain()
    slots = {slot.name for slot in domain.slots}
    known = set(domain.action_names_or_texts) | {"..."}
    for step in importer.get_stories().story_steps:
        for event in step.events:
            if isinstance(event, SlotSet) and event.key not in slots:
                yield "undeclared slot %s in %s" % (event.key, step.block_name)
            if isinstance(event, UserUttered) and event.intent_name and event.intent_name not in domain.intents:
                yield "undeclared intent %s in %s" % (event.intent_name, step.block_name)
            if isinstance(event, ActionExecuted) and event.action_name and event.action_name not in known:
                if not event.action_name.startswith(("...", "wait")):
                    yield "undeclared action %s in %s" % (event.action_name, step.block_name)
    for slot in domain.slots:
        for mapping in slot.mappings:
            action = mapping.get("action")
            if action and action not in known:
                yield "slot %s is filled by the undeclared action %s" % (slot.name, action)


def check(project):
    errors = []
    try:
        importer = importer_of(project, "data")
        errors += validated(importer)
        errors += list(undeclared(importer))
        ruled(importer)
        errors += list(undeclared(importer_of(project, "tests")))
    except (Exception, SystemExit) as error:
        errors.append("%s: %s" % (type(error).__name__, error))
    return errors


def main(projects):
    passed = failed = 0
    for project in projects:
        errors = check(project)
        passed, failed = passed + (not errors), failed + bool(errors)
        print(json.dumps({"project": os.path.basename(os.path.normpath(project)), "ok": not errors, "errors": errors}))
    print("rasa check: %d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
