"""Odoo's own lint tests, restricted to this addon and the models that it touches."""

from unittest.mock import patch

import pytest

from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)

ADDON = "auto_parts_sales"


def only_our_manifest():
    return [Manifest.for_addon(ADDON)]


def only_our_models(database):
    """Return the models that the addon defines or extends, as a registry would."""
    prefix = f"odoo.addons.{ADDON}."
    return {
        name: model
        for name, model in Registry(database).items()
        if any(f"{base.__module__}.".startswith(prefix) for base in model.__mro__)
    }


@pytest.fixture(autouse=True)
def warnings_fail(caplog):
    """Some of Odoo's lint tests only warn, which fails a build of Odoo's own, too."""
    yield
    warnings = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelname == "WARNING" and ".test_lint." in record.name
    ]
    assert not warnings, "\n".join(warnings)


def test_there_are_models_to_check():
    assert "res.company" in only_our_models(get_db_name())


@pytest.fixture(autouse=True)
def our_addon_only():
    with (
        patch.object(Manifest, "all_addon_manifests", only_our_manifest),
        patch.object(test_pofile, "get_modules", lambda: [ADDON]),
        patch.object(test_naming, "Registry", only_our_models),
        patch.object(test_override_signatures, "Registry", only_our_models),
    ):
        yield


class TestInit(test_dunderinit.TestDunderinit):
    pass


class TestPropsAreTranslatable(test_i18n.TestI18n):
    pass


class TestIndexes(test_index.TestIndex):
    pass


class TestJavaScriptTranslations(test_jstranslate.TestJsTranslations):
    pass


class TestManifest(test_manifests.ManifestLinter):
    pass


class TestParameterNames(test_naming.TestNaming):
    pass


class TestOnchange(test_onchange_domains.TestOnchangeDomains):
    pass


class TestImports(test_orm_import.TestDunderinit):
    pass


class TestOverrides(test_override_signatures.TestLintOverrideSignatures):
    pass


class TestTemplateOfTranslations(test_pofile.PotLinter):
    pass


class TestRoutes(test_routes.RoutesLinter):
    pass


class TestTestsAreImported(test_test_holes.TestTestHoles):
    pass
