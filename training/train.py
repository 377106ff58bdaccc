"""Trains the ranker from what export.ts measured, prints the cross-validated table, and writes the model the app ships.

usage: train.py FEATURES_FOLDER --model FILE --report FILE --parity FILE
"""

import argparse
import json
from pathlib import Path

import lightgbm as lgb
import numpy as np

import confidence
import data as reading
import pack
import scores
import tables

POINT_SEEDS = (1, 2)
ORDER_SEEDS = (1, 2)
ROUNDS = 260
COMMON = dict(
    num_leaves=31, learning_rate=0.06, min_data_in_leaf=40, feature_fraction=0.3, bagging_fraction=0.7, bagging_freq=1,
    lambda_l2=5, max_bin=63, verbosity=-1, num_threads=2, deterministic=True, force_row_wise=True,
)
POINT = dict(COMMON, objective="binary")
ORDER = dict(COMMON, objective="lambdarank", lambdarank_truncation_level=5, label_gain=[0, 1, 3])


def say(*words):
    print(*words, flush=True)


def fit_point(rows, exact, seed):
    return lgb.train(dict(POINT, seed=seed), lgb.Dataset(rows, label=exact, params=POINT), ROUNDS)


def fit_order(rows, grade, case, seed):
    sizes = np.bincount(case)
    return lgb.train(dict(ORDER, seed=seed), lgb.Dataset(rows, label=grade, group=sizes[sizes > 0], params=ORDER), ROUNDS)


class Ranker:
    """Pointwise and pairwise trees of every seed."""

    def __init__(self, rows, data, mask):
        grade = np.maximum(2 * data.exact, data.right).astype(int)
        self.point = [fit_point(rows[mask], data.exact[mask], seed) for seed in POINT_SEEDS]
        self.order = [fit_order(rows[mask], grade[mask], data.case[mask], seed) for seed in ORDER_SEEDS]

    def score(self, rows, case):
        point = np.mean([booster.predict(rows) for booster in self.point], 0)
        order = np.mean([booster.predict(rows) for booster in self.order], 0)
        return scores.blend(point, order, case)


def cross_validate(data, rows, tested):
    """Scores of every row by a ranker that has not seen its repository; `tested` are the rows as they are at run time."""
    out = np.zeros(len(rows))
    fold = data.fold[data.case]
    for number in sorted(set(fold)):
        ranker = Ranker(rows, data, fold != number)
        mine = fold == number
        case = data.case[mine]
        out[mine] = ranker.score(tested[mine], case - case.min() if len(case) else case)
        say(f"  fold {number}: trained on {int((fold != number).sum())} candidates")
    return out


def confidence_rows(data, score, rows):
    key = scores.ranking(score, data.same)
    first = scores.first_rows(key, data.start)
    return first, np.hstack([confidence.spread(score, data.same, data.start), rows[first]]).astype(np.float32)


def judge(data, score, rows, known=None, otherwise=None):
    """Out-of-fold: the first candidates, how sure the ranker is of them, and whether they are right. Cases that are not `known` are judged `otherwise`."""
    first, inputs = confidence_rows(data, score, rows)
    right = data.right[first]
    own = scores.gather(score, data.same)[first]
    kinds = np.array([case["kind"] for case in data.cases])
    known = np.ones(len(first), bool) if known is None else known
    raw, sure = np.zeros(len(first)), np.zeros(len(first))
    for number in sorted(set(data.fold)):
        mine, others = data.fold == number, (data.fold != number) & known
        raw[mine] = confidence.predict(confidence.fit(inputs[others], right[others]), inputs[mine])
    for number in sorted(set(data.fold)):
        mine, others = data.fold == number, (data.fold != number) & known
        table = confidence.fit_calibration(raw[others], own[others], kinds[others], right[others])
        sure[mine] = confidence.calibrate(table, raw[mine], own[mine], kinds[mine])
    if otherwise is not None:
        sure[~known] = otherwise["sure"][~known]
    return dict(
        first=first, inputs=inputs, right=right, raw=raw, own=own, sure=sure, kinds=kinds, known=known,
        key=scores.ranking(score, data.same),
    )


def figures(data, judged, mask):
    first = judged["first"]
    tops = scores.top_rows(judged["key"], data.start)
    cases = np.flatnonzero(mask)
    any_of = lambda labels: float(np.mean([labels[tops[c]].max() for c in cases]))
    whole = lambda labels: float(np.mean([labels[data.start[c]:data.start[c + 1]].max() for c in cases]))
    return {
        "n": int(mask.sum()),
        "exact": float(data.exact[first][mask].mean()),
        "normalised": float(data.right[first][mask].mean()),
        "top3Exact": any_of(data.exact),
        "top3": any_of(data.right),
        "oracleExact": whole(data.exact),
        "oracle": whole(data.right),
    }


def coverage(data, judged, mask, target=0.9):
    """With thresholds chosen on the other folds, one where siblings are known and one where none is, as the shipped ones are."""
    covered = np.zeros(len(mask), bool)
    for number in sorted(set(data.fold)):
        for setting in (judged["known"], ~judged["known"]):
            mine, others = setting & (data.fold == number), setting & (data.fold != number)
            if mine.any() and others.any():
                limit, _ = confidence.threshold_for(target, judged["sure"][others], judged["right"][others])
                covered[mine] = judged["sure"][mine] >= limit
    taken = covered & mask
    return {
        "coverage": float(taken.sum() / max(1, mask.sum())),
        "precision": float(judged["right"][taken].mean()) if taken.any() else None,
    }


def reliability(judged, mask, edges=(0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 1.01)):
    rows = []
    for low, high in zip(edges[:-1], edges[1:]):
        mine = mask & (judged["sure"] >= low) & (judged["sure"] < high)
        if mine.any():
            rows.append({"from": low, "to": min(high, 1.0), "n": int(mine.sum()), "said": float(judged["sure"][mine].mean()), "right": float(judged["right"][mine].mean())})
    return rows


BANDS = (0.95, 0.9, 0.8)


def classes(judged, mask):
    """Counts for the precision table: of first candidates in a band of probability, by kind of file, how many are right (src/merge/rank/settle.ts)."""
    table = {}
    for sure, kind, right in zip(judged["sure"][mask], judged["kinds"][mask], judged["right"][mask]):
        band = next((low for low in BANDS if sure >= low), None)
        if band is None:
            continue
        parent = f"ranked/at-least-{round(band * 100)}"
        for name in (f"{parent}/{kind}", parent, "ranked", ""):
            row = table.setdefault(name, {"n": 0, "right": 0})
            row["n"] += 1
            row["right"] += int(right)
    return dict(sorted(table.items()))


def by(data, judged, key):
    out = {}
    for name in sorted({case[key] for case in data.cases}):
        mask = data.reported & np.array([case[key] == name for case in data.cases])
        if mask.any():
            out[name] = figures(data, judged, mask)
    return out


def summary(data, judged):
    mask = data.reported
    return {
        **figures(data, judged, mask),
        "at90": coverage(data, judged, mask),
        "byLanguage": by(data, judged, "language"),
        "byCategory": by(data, judged, "category"),
        "reliability": reliability(judged, mask),
        "classes": classes(judged, mask),
    }


def percent(value):
    return "-" if value is None else f"{100 * value:.1f}"


def show(name, report):
    at90 = report["at90"]
    say(
        f"{name}: n {report['n']}, top-1 {percent(report['exact'])}/{percent(report['normalised'])}, "
        f"top-3 {percent(report['top3Exact'])}/{percent(report['top3'])}, oracle {percent(report['oracleExact'])}/{percent(report['oracle'])}, "
        f"coverage at 90%: {percent(at90['coverage'])} (precision {percent(at90['precision'])})"
    )
    for key in ("byCategory", "byLanguage"):
        for label, row in sorted(report[key].items(), key=lambda item: -item[1]["n"]):
            say(f"    {label:12} n {row['n']:5} {percent(row['exact'])}/{percent(row['normalised'])} top-3 {percent(row['top3'])} oracle {percent(row['oracle'])}")
    for row in report["reliability"]:
        say(f"    said {row['from']:.1f}-{row['to']:.1f}: n {row['n']:5} mean {row['said']:.3f} right {row['right']:.3f}")


def ship(data, rows, judged):
    """The model of one setting, trained on everything."""
    ranker = Ranker(rows, data, np.ones(len(rows), bool))
    known = judged["known"]
    sure = confidence.fit(judged["inputs"][known], judged["right"][known])
    limit, _ = confidence.threshold_for(0.9, judged["sure"][known], judged["right"][known])
    model = {
        "point": [pack.pack(booster) for booster in ranker.point],
        "order": [pack.pack(booster) for booster in ranker.order],
        "confidence": [pack.pack(booster) for booster in sure],
        "calibration": confidence.fit_calibration(
            judged["raw"][known], judged["own"][known], judged["kinds"][known], judged["right"][known]
        ),
        "sureFrom": round(limit, 4),
    }
    return model, ranker, sure


def parity(data, rows, ranker, sure, count=5):
    """A few hunks' rows and what the trainer's own library says of them."""
    cases = np.linspace(0, len(data.cases) - 1, count).astype(int)
    out = []
    for case in cases:
        s, e = data.start[case], data.start[case + 1]
        own = rows[s:e]
        score = ranker.score(own, np.zeros(e - s, int))
        same = data.same[s:e] - s
        first, inputs = int(np.argmax(scores.ranking(score, same))), None
        inputs = np.hstack([confidence.spread(score, same, np.array([0, e - s])), own[[first]]]).astype(np.float32)
        numbers = lambda row: [None if np.isnan(x) else float(str(np.float32(x))) for x in row]
        out.append({"kind": data.cases[case]["kind"], "rows": [numbers(r) for r in own], "same": same.tolist(), "scores": score.tolist(), "first": first, "confidence": float(confidence.predict(sure, inputs)[0])})
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("features", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--parity", type=Path, required=True)
    options = parser.parse_args()
    data = reading.load(options.features)
    say(f"{len(data.cases)} hunks, {len(data.alone)} candidates, {data.alone.shape[1]} + {len(data.names_beside)} features")

    say("each hunk alone")
    alone_scores = cross_validate(data, data.alone, data.alone)
    alone = judge(data, alone_scores, data.alone)
    reports = {"alone": summary(data, alone)}
    show("each hunk alone", reports["alone"])

    say("earlier hunks of the merge known")
    taught = np.hstack([data.alone, data.beside["earlier"]])
    tested = np.hstack([data.alone, data.beside["earlier-reported"]])
    beside_scores = cross_validate(data, taught, tested)
    # A hunk of which no sibling is known is ranked alone, here as in the app.
    known_row = ~np.isnan(tested[:, data.alone.shape[1] + data.names_beside.index("words known from elsewhere")])
    beside_scores = np.where(known_row, beside_scores, alone_scores)
    known = known_row[data.start[:-1]]
    np.savez(options.features / "out-of-fold.npz", alone=alone_scores, beside=beside_scores)
    beside = judge(data, beside_scores, tested, known, alone)
    reports["siblings"] = summary(data, beside)
    show("earlier hunks known", reports["siblings"])

    say("the shipped model, on everything")
    own, ranker, sure = ship(data, data.alone, alone)
    other, *_ = ship(data, tested, beside)
    model = {"features": {"alone": data.names_alone, "beside": data.names_beside}, "alone": own, "siblings": other}
    options.model.write_text(json.dumps(model, separators=(",", ":")))
    options.report.write_text(json.dumps(reports, indent=2) + "\n")
    options.report.with_suffix(".md").write_text(tables.markdown(reports))
    options.parity.write_text(json.dumps(parity(data, data.alone, ranker, sure)) + "\n")
    say(f"model: {options.model.stat().st_size} bytes")


if __name__ == "__main__":
    main()
