"""Figures in docs/ that tests and benches measured: they stand between `<!-- measured: NAME -->` and `<!-- end -->`, with the
date and the machine."""

import datetime
import os
import pathlib
import platform

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release().split('-')[0]}"


def write(page, name, lines):
    path = DOCS / page
    text, mark = path.read_text(), f"<!-- measured: {name} -->\n"
    begin = text.index(mark) + len(mark)
    end = text.index("<!-- end -->", begin)
    head = f"Measured on {datetime.date.today()}, {machine()}.\n\n"
    path.write_text(text[:begin] + head + "\n".join(lines) + "\n" + text[end:])
