"""The widget's modules as one file, so that a page asks once and not once for each of them."""

from __future__ import annotations

import re
from pathlib import Path

import rjsmin

_IMPORT = re.compile(r'^(import|export) \{ (?P<names>[^}]+) \} from "\./(?P<module>\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|function|const) (?P<name>\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(entry: Path) -> str:
    """The module and all that it imports, comments taken out.

    Each becomes a function that gives back what it exports; what the entry exports, the bundle exports. `import()` is
    left as it is. Raises ValueError for a form of import or export that the widget does not use.
    """
    parts: dict[str, str] = {}
    _add(entry, parts)
    exported = [
        f"export const {{ {_renamed(found['names'])} }} = ${found['module']};"
        for found in _IMPORT.finditer(entry.read_text(encoding="utf-8"))
        if found[1] == "export"
    ]
    return str(rjsmin.jsmin("\n".join([*parts.values(), *exported])))


def _add(module: Path, parts: dict[str, str]) -> None:
    """Puts the module behind what it needs."""
    source = module.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(source):
        if found["module"] not in parts:
            _add(module.with_name(f"{found['module']}.js"), parts)
    exports = ", ".join(found["name"] for found in _EXPORT.finditer(source))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    if other := _OTHER.search(body):
        raise ValueError(f"{module.name}: {other[0]}")
    parts[module.stem] = f"const ${module.stem} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _taken(found: re.Match[str]) -> str:
    return f"const {{ {_renamed(found['names'])} }} = ${found['module']};" if found[1] == "import" else ""


def _renamed(names: str) -> str:
    return names.replace(" as ", ": ")
