"""Translates papermill's parameters to TypeScript, for the secop-lab kernel and for other TypeScript kernels."""

import json
import math
import re

from papermill import inspection
from papermill.engines import NBClientEngine
from papermill.models import Parameter
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

    @classmethod
    def inspect(cls, parameters_cell):
        """Lists the variables that the cell declares at its top level, with their types, defaults and comments."""
        return [Parameter(*found) for found in _declared(parameters_cell["source"])]


class SecopLabTranslator(TypeScriptTranslator):
    """Also sets SECOP_LAB_PARAMETERS, where later cells that start with %%parameters find the values."""

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        given = json.dumps(json.dumps(_as_json(parameters)))
        return super().codify(parameters, comment) + f'process.env["SECOP_LAB_PARAMETERS"] = {given};\n'


# What a piece of TypeScript begins with: a comment, a text, a bracket, a name, or any other character.
_PIECE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
    |(?P<name>[^\W\d][\w$]*|\$[\w$]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = "([{", ")]}"


def _declared(source):
    """Yields name, type, default and help of each variable that is declared at the top level."""
    # A cell may begin with the magic %%parameters.
    source = re.sub(r"^\s*%[^\n]*", lambda magic: " " * len(magic.group()), source)
    for start, end in _declarations(source):
        text = source[start:end]
        found = re.match(r"\s*([^\W\d][\w$]*|\$[\w$]*)\s*!?\s*", text)
        if not found:
            continue
        rest = text[found.end() :]
        equals = _at_top(rest, "=")
        if equals is None:
            continue
        given = rest[:equals].strip()
        type_name = given[1:].strip() if given.startswith(":") else "None"
        note = re.match(r"[;,]?[ \t]*//[ \t]*([^\n]*)", source[end:])
        yield found.group(1), type_name, _without_comments(rest[equals + 1 :]).strip(), note.group(1).strip() if note else ""


def _declarations(source):
    """Yields the place of each `name: type = value` after `let`, `const` or `var`, outside of brackets."""
    depth, start = 0, None
    fresh = True
    for piece in _PIECE.finditer(source):
        kind, text = piece.lastgroup, piece.group()
        if start is None:
            if depth == 0 and fresh and kind == "name" and text in ("let", "const", "var"):
                start = piece.end()
        elif depth == 0 and (text in (",", ";") or (text == "\n" and _ends(source, start, piece.start()))):
            yield start, piece.start()
            start = piece.end() if text == "," else None
        if kind == "other" and text in _OPENING:
            depth += 1
        elif kind == "other" and text in _CLOSING:
            depth -= 1
        # `export let` declares, too.
        fresh = text in ("\n", ";", "}", "export") or kind == "comment" or (fresh and text.isspace())
    if start is not None:
        yield start, len(source)


def _ends(source, start, at):
    """Whether a declaration without a semicolon ends at the end of this line."""
    before, after = _without_comments(source[start:at]).rstrip(), _without_comments(source[at:]).lstrip()
    return not re.search(r"[=,:+\-*/&|?(\[{<.]$", before) and not re.match(r"[=,:+\-*/&|?.)\]}]", after)


def _without_comments(text):
    return "".join(piece.group() for piece in _PIECE.finditer(text) if piece.lastgroup != "comment")


def _at_top(text, wanted):
    """The place of a character outside of brackets, texts and comments; None if it is not there."""
    depth = 0
    for piece in _PIECE.finditer(text):
        one = piece.group()
        if piece.lastgroup != "other":
            continue
        if one == wanted and depth == 0 and text[piece.end() : piece.end() + 1] not in ("=", ">"):
            return piece.start()
        depth += (one in _OPENING) - (one in _CLOSING)
    return None


def _inferred_parameters(infer):
    """Finds parameters also in cells that start with %%parameters, which need no tag."""

    def inferred(nb, name=None, language=None):
        found = infer(nb, name, language)
        if found or (name or nb.metadata.get("kernelspec", {}).get("name")) != "secop-lab":
            return found
        cells = [cell for cell in nb.cells if re.match(r"\s*%%?parameters\b", cell.get("source", ""))]
        return [parameter for cell in cells for parameter in SecopLabTranslator.inspect(cell)]

    return inferred


# papermill.execute takes the function from there after it has loaded the engines, this module among them.
inspection._infer_parameters = _inferred_parameters(inspection._infer_parameters)


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
