"""Judges the description of a bundle: rocrate reads it, and the validator of RO-Crate lists what violates the profiles.

Usage: judgeCrate.py FOLDER. Prints JSON. The contexts of JSON-LD are not fetched: their terms stand below.
"""

import json
import logging
import sys

from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.models import ValidationSettings
from rocrate_validator.utils.http import HttpRequester

SCHEMA = "http://schema.org/"
# The terms of the context of RO-Crate 1.1 that a bundle may use.
TERMS = """CreateAction CreativeWork Dataset Person SoftwareApplication SoftwareSourceCode about actionStatus agent author
contentSize dateModified datePublished description encodingFormat endTime error hasPart instrument license mainEntity
mentions name object result softwareVersion startTime url version""".split()
CONTEXT = {
    "@context": {
        **{term: SCHEMA + term for term in TERMS},
        "File": SCHEMA + "MediaObject",
        "conformsTo": "http://purl.org/dc/terms/conformsTo",
        "Profile": "http://www.w3.org/ns/dx/prof/Profile",
    }
}


class ContextResponse:
    """The context in the place of the answer of w3id.org."""

    status_code = 200
    headers = {"Content-Type": "application/ld+json"}
    text = json.dumps(CONTEXT)

    def json(self):
        return CONTEXT

    def raise_for_status(self):
        pass


HttpRequester.get = lambda self, url, **options: ContextResponse()

logging.disable(logging.CRITICAL)
[folder] = sys.argv[1:]
crate = ROCrate(folder)
found = {
    "name": crate.name,
    "mainEntity": crate.mainEntity.id,
    "files": sorted(entity.id for entity in crate.data_entities),
    "actions": [
        [entity["name"], entity["instrument"].id, entity["result"].id]
        for entity in crate.contextual_entities
        if entity.type == "CreateAction"
    ],
}
for profile in ["ro-crate-1.1", "process-run-crate"]:
    settings = ValidationSettings(
        rocrate_uri=folder, profile_identifier=profile, requirement_severity="RECOMMENDED", skip_availability_check=True
    )
    result = services.validate(settings)
    found[profile] = sorted({f"{issue.severity.name}: {issue.message}" for issue in result.get_issues()})
print(json.dumps(found))
