"""Modules put together: they run as they do apart, and what is not understood is refused."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from backend.portal.modules import bundle

MODULES = {
    "first": 'import { second as other, COUNT } from "./second.js";\nimport { Third } from "./third.js";\n'
    'export { second } from "./second.js";\nconsole.log(other(), COUNT, new Third().name());\n',
    "second": '/** Says so. */\nimport { Third } from "./third.js";\nconst own = "mine";\nexport const COUNT = 2;\n'
    "export function second() {\n  return `${own} ${new Third().name()}`;\n}\n",
    "third": 'const own = "third";\nexport class Third {\n  name() {\n    return own;\n  }\n}\n',
}


def write(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "first.js"


def test_each_module_keeps_its_own_names_and_runs_once_after_what_it_needs(tmp_path: Path) -> None:
    made = bundle(write(tmp_path, **MODULES))
    assert made.count('"third"') == 1
    assert made.index('"third"') < made.index('"mine"') < made.index("console.log")
    assert "/**" not in made
    assert made.endswith("export const{second}=$second;")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node; Chromium runs the whole of it elsewhere")
def test_it_runs(tmp_path: Path) -> None:
    (tmp_path / "all.mjs").write_text(bundle(write(tmp_path, **MODULES)), encoding="utf-8")
    ran = subprocess.run(["node", tmp_path / "all.mjs"], capture_output=True, text=True, check=True)
    assert ran.stdout == "mine third 2 third\n"


@pytest.mark.parametrize(
    "line",
    ['import * as all from "./second.js";', 'import "./second.js";', "export default 1;", "export let count = 1;"],
)
def test_a_form_that_the_widget_does_not_use_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"first\.js"):
        bundle(write(tmp_path, first=f"{line}\n", second=MODULES["second"], third=MODULES["third"]))
