"""The files in findings/: a line for each finding of a real program, and below it, indented, what reading the program's source
says of it: `right: why`, `doubtful: why` (true, and a maintainer would hardly act on it) or `wrong: why`."""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent / "findings"
LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<rule>[a-z-]+): (?P<message>.*) \((?P<fix>fix|no fix)\)")
UNJUDGED = "unjudged:"


@dataclasses.dataclass
class Judged:
    finding: str
    verdict: str = UNJUDGED

    def parts(self):
        return LINE.fullmatch(self.finding).groupdict()

    def subject(self):
        """What it is about, wherever its line has moved to."""
        parts = self.parts()
        return parts["file"], parts["rule"], self.name()

    def name(self):
        quoted = re.search(r"'([^']+)'", self.parts()["message"])
        return quoted[1] if quoted else ""


def read(program):
    """The findings of a program with their verdicts; none where there is no file yet."""
    path = FOLDER / f"{program}.txt"
    found = []
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("    "):
            found[-1].verdict = line.strip()
        else:
            found.append(Judged(line))
    return found


def write(program, findings):
    """Replaces a program's findings. Verdicts stay with what they are about; what they say must be read again where the
    finding's text changed."""
    verdicts = {}
    for one in read(program):
        verdicts.setdefault(one.subject(), []).append(one.verdict)
    text = ""
    for finding in findings:
        one = Judged(finding)
        known = verdicts.get(one.subject())
        text += f"{finding}\n    {known.pop(0) if known else one.verdict}\n"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{program}.txt").write_text(text)


def table():
    """All of them as lines of Markdown, and how many are right."""
    programs = sorted(path.stem for path in FOLDER.glob("*.txt"))
    rows, counts = [], {"right": 0, "doubtful": 0, "wrong": 0, "unjudged": 0}
    for program in programs:
        for one in read(program):
            parts, (verdict, why) = one.parts(), one.verdict.split(":", 1)
            counts[verdict] += 1
            name = one.name().split("::")[-1] if "<" not in one.name() else one.name()
            rows.append(f"| {program} | {parts['file']}:{parts['line']} `{name}` | {parts['rule']} | {'yes' if parts['fix'] == 'fix' else 'no'} "
                        f"| {verdict} | {why.strip()} |")
    total = sum(counts.values())
    share = f"{100 * counts['right'] // max(total, 1)} %"
    head = f"{total} findings: {counts['right']} right ({share}), {counts['doubtful']} doubtful, {counts['wrong']} wrong" + (
        f", {counts['unjudged']} not judged yet." if counts["unjudged"] else ".")
    return [head, "", "| Program | Place | Rule | Fix | Verdict | Why |", "|---|---|---|---|---|---|", *rows]
