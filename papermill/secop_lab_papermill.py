"""Translates papermill's parameters to TypeScript, for the secop-lab kernel and for other TypeScript kernels."""

import json
import math

from papermill.engines import NBClientEngine
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    """Writes one declaration per parameter. In a notebook it replaces an earlier declaration of the name."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        return json.dumps(str(str_val))

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(item) for item in val)}]"

    @classmethod
    def translate_dict(cls, val):
        return f"{{ {', '.join(f'{json.dumps(str(key))}: {cls.translate(item)}' for key, item in val.items())} }}"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"


class SecopLabTranslator(TypeScriptTranslator):
    """Also sets SECOP_LAB_PARAMETERS, where later cells that start with %%parameters find the values."""

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        given = json.dumps(json.dumps(_as_json(parameters)))
        return super().codify(parameters, comment) + f'process.env["SECOP_LAB_PARAMETERS"] = {given};\n'


def _as_json(parameters):
    """Returns the parameters without values that JSON cannot represent."""
    return {name: value for name, value in parameters.items() if _is_json(value)}


def _is_json(value):
    try:
        json.dumps(value, allow_nan=False)
        return True
    except (TypeError, ValueError):
        return False


class Engine(NBClientEngine):
    """papermill's own engine, unchanged; papermill loads this module because it is registered as an engine."""


papermill_translators.register("secop-lab", SecopLabTranslator)
papermill_translators.register("typescript", TypeScriptTranslator)
