"""The cross-validated figures as Markdown. usage: tables.py REPORT.json > REPORT.md"""

import json
import sys
from pathlib import Path

COMMAND = "npm run train -- --cases cases-dev.jsonl.gz --extra train-extra-dev.jsonl.gz"
LEAST = 40


def percent(value):
    return "-" if value is None else f"{100 * value:.1f}"


def pair(row, exact, normalised):
    return f"{percent(row[exact])} / {percent(row[normalised])}"


def summary(name, row):
    at90 = row["at90"]
    return (
        f"| {name} | {row['n']} | {pair(row, 'exact', 'normalised')} | {pair(row, 'top3Exact', 'top3')} | "
        f"{pair(row, 'oracleExact', 'oracle')} | {percent(at90['coverage'])} at {percent(at90['precision'])} |"
    )


def breakdown(title, alone, siblings):
    lines = [
        f"| {title} | n | first, alone | first, earlier hunks known | first three, alone | oracle |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for name, row in sorted(alone.items(), key=lambda item: -item[1]["n"]):
        if row["n"] >= LEAST:
            lines.append(
                f"| {name} | {row['n']} | {pair(row, 'exact', 'normalised')} | {pair(siblings[name], 'exact', 'normalised')} | "
                f"{pair(row, 'top3Exact', 'top3')} | {pair(row, 'oracleExact', 'oracle')} |"
            )
    return lines


def reliability(rows):
    lines = ["| said | hunks | mean said | right |", "| --- | --: | --: | --: |"]
    for row in rows:
        lines.append(f"| {row['from']:.2f} to {row['to']:.2f} | {row['n']} | {row['said']:.3f} | {row['right']:.3f} |")
    return lines


def markdown(reports):
    alone, siblings = reports["alone"], reports["siblings"]
    lines = [
        "# The ranker, cross-validated",
        "",
        f"`{COMMAND}`; five folds by repository: no repository's hunks are judged by a model that has seen it. Exact / normalised, %, by the scoring",
        "rules of `errand bench merge`. Coverage at 90%: hunks whose first candidate's probability reaches a threshold chosen on the other folds, and the precision they had.",
        "",
        "| | n | first candidate | first three | oracle | coverage at 90% |",
        "| --- | --: | --: | --: | --: | --: |",
        summary("each hunk alone", alone),
        summary("earlier hunks of the merge known", siblings),
        "",
        *breakdown("category", alone["byCategory"], siblings["byCategory"]),
        "",
        *breakdown("language", alone["byLanguage"], siblings["byLanguage"]),
        "",
        f"Languages with fewer than {LEAST} hunks are left out here; the JSON beside this file has them.",
        "",
        "## Does the probability mean what it says?",
        "",
        "Each hunk alone:",
        "",
        *reliability(alone["reliability"]),
        "",
        "Earlier hunks of the merge known:",
        "",
        *reliability(siblings["reliability"]),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(markdown(json.loads(Path(sys.argv[1]).read_text())))
