"""Where the ranker stops: curves of its out-of-fold scores, and a sample of its errors to read.

usage: errors.py FEATURES_FOLDER --cases FILE[.gz] [--sample FILE]

FEATURES_FOLDER is what export.ts and then train.py wrote. The sample holds texts of the cases: keep it outside the project.
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

import lightgbm as lgb
import numpy as np

import data as reading
import sample
import scores
import train

SEED = 7
SHARES = (0.25, 0.5, 0.75, 1.0)
# Draws of repositories a share; the whole has one.
DRAWS = 3
# Fewer trees than are shipped: the curve's slope is asked for, not its height.
ROUNDS = 120
PARAMETERS = dict(train.POINT, num_threads=1, seed=1)
COVERAGES = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
CANDIDATE_BANDS = ((2, 7), (8, 11), (12, 15), (16, 19), (20, 23), (24, 27), (28, 99))
LINE_BANDS = ((0, 2), (3, 4), (5, 8), (9, 16), (17, 32), (33, 64), (65, 10**6))
KNOWN_BANDS = ((0, 0), (1, 1), (2, 3), (4, 10**6))
WORD = re.compile(r"\w+")


def say(*words):
    print(*words, flush=True)


def percent(share):
    return f"{100 * share:5.1f}"


def read_cases(file):
    """The cases' texts by id."""
    raw = file.read_bytes()
    text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    rows = (json.loads(line) for line in text.decode().split("\n") if line)
    return {row["id"]: row for row in rows}


class Judged:
    """Per case, of one set of scores: the first candidate's row, its answer's score, and the place of the first right candidate from 1 (0: none)."""

    def __init__(self, data, score):
        key = scores.ranking(score, data.same)
        self.first = scores.first_rows(key, data.start)
        self.score = scores.gather(score, data.same)[self.first]
        self.right = data.right[self.first]
        self.exact = data.exact[self.first]
        orders = scores.top_rows(key, data.start, None)
        hits = [np.flatnonzero(data.right[order]) for order in orders]
        self.place = np.array([hit[0] + 1 if len(hit) else 0 for hit in hits])


# By share of the training repositories


def repository_of(case):
    """Ids begin with the repository, up to a colon."""
    return case["id"].split(":")[0]


def fold_scores(data, chosen, number):
    """One fold's scores by a model of the chosen repositories of the other folds, and how many hunks it was taught."""
    taught = (data.fold != number) & chosen
    mask = taught[data.case]
    table = lgb.Dataset(data.alone[mask], label=data.exact[mask], params=PARAMETERS)
    booster = lgb.train(PARAMETERS, table, ROUNDS)
    mine = data.fold[data.case] == number
    return mine, booster.predict(data.alone[mine], num_threads=1), int(taught.sum())


def learning_point(data, share, draw):
    """Top-1 on the reported hunks, exact and normalised, and the mean number of hunks taught."""
    random = np.random.default_rng([SEED, draw])
    owners = np.array([repository_of(case) for case in data.cases])
    out, taught = np.zeros(len(data.alone)), []
    for number in sorted(set(data.fold)):
        others = random.permutation(sorted(set(owners[data.fold != number])))
        chosen = np.isin(owners, others[: max(1, round(share * len(others)))])
        mine, predicted, count = fold_scores(data, chosen, number)
        out[mine] = predicted
        taught.append(count)
    judged = Judged(data, out)
    return judged.exact[data.reported].mean(), judged.right[data.reported].mean(), np.mean(taught)


def learning_curve(data):
    say(f"\ntop-1 by share of the training repositories (pointwise, {ROUNDS} rounds, each hunk alone)")
    for share in SHARES:
        draws = np.array([learning_point(data, share, draw) for draw in range(DRAWS if share < 1 else 1)])
        exact, right, taught = draws.mean(0)
        low, high = draws[:, 1].min(), draws[:, 1].max()
        say(f"    {share:4.0%}  hunks {taught:5.0f}  {percent(exact)}/{percent(right)}  normalised {percent(low)} to {percent(high)}")


# By what is known of the hunk


def row_of(label, mask, alone, beside):
    top3 = np.isin(alone.place, (1, 2, 3))
    say(
        f"    {label:>12}  n {int(mask.sum()):5}  alone {percent(alone.exact[mask].mean())}/{percent(alone.right[mask].mean())}"
        f"  beside {percent(beside.exact[mask].mean())}/{percent(beside.right[mask].mean())}"
        f"  top-3 {percent(top3[mask].mean())}  oracle {percent((alone.place[mask] > 0).mean())}"
    )


def label_of(low, high):
    if low == high:
        return str(low)
    return f"{low} and more" if high >= 99 else f"{low}-{high}"


def by_bands(title, values, bands, reported, judged):
    say(f"\n{title}")
    for low, high in bands:
        mask = reported & (values >= low) & (values <= high)
        if mask.any():
            row_of(label_of(low, high), mask, *judged)


def by_category(data, judged):
    say("\nby category")
    categories = np.array([case["category"] for case in data.cases])
    names, counts = np.unique(categories[data.reported], return_counts=True)
    for name in names[np.argsort(-counts)]:
        row_of(name, data.reported & (categories == name), *judged)


def column(data, name):
    """A sibling feature of each case, from its first row."""
    return data.beside["earlier-reported"][data.start[:-1], data.names_beside.index(name)]


# Precision against coverage


def precision_curve(data, alone, beside):
    say("\nprecision of the most certain, by share covered (sorted by the first answer's score)")
    for name, judged in (("alone", alone), ("beside", beside)):
        score, right = judged.score[data.reported], judged.right[data.reported]
        order = np.argsort(-score, kind="stable")
        cells = []
        for share in COVERAGES:
            count = round(share * len(order))
            cells.append(f"{share:.0%}: {percent(right[order[:count]].mean()).strip()} (from {score[order[count - 1]]:.2f})")
        say(f"    {name:8}", "  ".join(cells))


# Where it stops


def words(text):
    return set(WORD.findall(text))


def lines(text):
    return {line.strip() for line in text.split("\n")} - {""}


def is_new(case, parts, of=("ours", "theirs")):
    """Whether the resolution uses parts that neither side has."""
    known = set().union(*(parts(case[side]) for side in of))
    return bool(parts(case["resolution"]) - known)


def where_it_stops(data, judged, texts):
    """Of the reported hunks: where the first right candidate stands, and if there is none, what the resolution is made of."""
    mask = data.reported
    cases = [texts[case["id"]] for case in data.cases if case["split"] == "report"]
    new_words = np.array([is_new(case, words) for case in cases])
    new_beyond_base = np.array([is_new(case, words, ("base", "ours", "theirs")) for case in cases])
    new_lines = np.array([is_new(case, lines) for case in cases])
    say("\nwhere it stops, share of all hunks")
    places = judged.place[mask]
    rows = (
        ("right candidate first", places == 1),
        ("second or third", (places == 2) | (places == 3)),
        ("fourth or later", places > 3),
        ("none, lines of the sides suffice", (places == 0) & ~new_lines),
        ("none, words of the sides suffice", (places == 0) & new_lines & ~new_words),
        ("none, a word neither side has", (places == 0) & new_words),
    )
    for name, found in rows:
        say(f"    {name:34} {int(found.sum()):5} {percent(found.mean())}")
    say(f"    resolutions with a word neither side has {percent(new_words.mean())}, nor the base {percent(new_beyond_base.mean())}; with a line neither side has {percent(new_lines.mean())}")


# What is taken for what


def kind_of(names):
    """A candidate's kind: a whole side, both sides in an order, neither, or a combination."""
    if {"ours", "theirs"} & set(names):
        return "one side"
    if {"base", "empty"} & set(names):
        return "base or nothing"
    for order in ("ours-theirs", "theirs-ours"):
        if any(name.startswith((order, order.replace("-", "-blank-"))) for name in names):
            return order.replace("-", " then ")
    return "combined"


def confusions(data, judged, score, least=20):
    """Of the reported errors: kinds of the first candidate and of the likeliest right one; rarer pairs are summed up."""
    pairs = []
    for at in np.flatnonzero(data.reported & (judged.right == 0)):
        start, end = data.start[at], data.start[at + 1]
        names, right = data.cases[at]["names"], np.flatnonzero(data.right[start:end])
        best = kind_of(names[right[np.argmax(score[start:end][right])]]) if len(right) else "no candidate"
        pairs.append((kind_of(names[judged.first[at] - start]), best))
    counts = Counter(pairs)
    rows = [(pair, count) for pair, count in counts.most_common() if count >= least]
    rows.append((("others", "others"), len(pairs) - sum(count for _, count in rows)))
    say(f"\nwhat is taken for what, share of the {len(pairs)} errors")
    for (first, best), count in rows:
        say(f"    {first:16} put first, right: {best:16} {count:5} {percent(count / len(pairs))}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("features", type=Path)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--sample", type=Path)
    options = parser.parse_args()
    project = Path(__file__).resolve().parent.parent
    if options.sample and options.sample.resolve().is_relative_to(project):
        sys.exit("The sample holds texts of the cases. Name a file outside the project.")
    data, texts = reading.load(options.features), read_cases(options.cases)
    kept = np.load(options.features / "out-of-fold.npz")
    alone, beside = Judged(data, kept["alone"]), Judged(data, kept["beside"])
    both, reported = (alone, beside), data.reported

    if options.sample:
        count = sample.write(options.sample, data, alone, texts)
        say(f"{count} errors to read: {options.sample}")
    where_it_stops(data, alone, texts)
    precision_curve(data, alone, beside)
    confusions(data, alone, kept["alone"])
    by_category(data, both)
    by_bands("by number of candidates", np.diff(data.start), CANDIDATE_BANDS, reported, both)
    sizes = np.array([sum(texts[case["id"]][side].count("\n") for side in ("ours", "theirs")) if case["id"] in texts else 0 for case in data.cases])
    by_bands("by lines of both sides together", sizes, LINE_BANDS, reported, both)
    by_bands("by earlier hunks of the merge known", column(data, "known in merge"), KNOWN_BANDS, reported, both)
    by_bands("by earlier hunks of the same file known", column(data, "known in file"), KNOWN_BANDS, reported, both)
    learning_curve(data)


if __name__ == "__main__":
    main()
