"""How sure the ranker is of a hunk's first candidate: a second model over the spread of scores, and its calibration."""

import lightgbm as lgb
import numpy as np

from scores import gather

SPREAD_NAMES = (
    "score 1", "score 2", "score 3", "score 4",
    "answer 1", "answer 2", "answer 3", "lead", "mass", "entropy", "count",
)
PARAMETERS = dict(
    objective="binary", num_leaves=15, learning_rate=0.03, min_data_in_leaf=40, feature_fraction=0.2,
    bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=63, verbosity=-1, num_threads=2, deterministic=True,
)
ROUNDS = 160
SEEDS = (1, 2)
# Kinds of file have an offset each, held near zero by a penalty worth this many observations.
RIDGE = 20.0
# Probabilities are kept this far from 0 and 1 before their logarithm is taken.
EDGE = 0.01


def spread(score, same, start):
    """Per case: the best four scores, the best three answers, the lead of the first, total, entropy, count."""
    answers = gather(score, same)
    rows = []
    for s, e in zip(start[:-1], start[1:]):
        own = np.sort(score[s:e])[::-1]
        leaders = np.where(same[s:e] == np.arange(s, e), answers[s:e], -1.0)
        best = np.sort(leaders[leaders >= 0])[::-1]
        own4, best3 = np.zeros(4), np.zeros(3)
        own4[: min(4, len(own))] = own[:4]
        best3[: min(3, len(best))] = best[:3]
        share = own / max(own.sum(), 1e-9)
        entropy = -(share * np.log(share + 1e-12)).sum()
        rows.append([*own4, *best3, best3[0] - best3[1], own.sum(), entropy, e - s])
    return np.array(rows, np.float32)


def fit(rows, right):
    return [
        lgb.train(dict(PARAMETERS, seed=seed), lgb.Dataset(rows, label=right, params=PARAMETERS), ROUNDS) for seed in SEEDS
    ]


def predict(boosters, rows):
    return np.mean([booster.predict(rows) for booster in boosters], 0)


def logit(share):
    held = np.clip(share, EDGE, 1 - EDGE)
    return np.log(held / (1 - held))


def fit_calibration(raw, score, kinds, right):
    """Logistic regression on both confidences, with an offset for each kind of file; Newton's method."""
    names = sorted(set(kinds))
    design = np.c_[np.ones(len(raw)), logit(raw), logit(score), np.array([[kind == name for name in names] for kind in kinds], float)]
    penalty = np.r_[0, 0, 0, np.full(len(names), RIDGE)]
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (share - right) + penalty * weights
        curve = (design * (share * (1 - share))[:, None]).T @ design + np.diag(penalty + 1e-9)
        weights = weights - np.linalg.solve(curve, slope)
    rounded = [round(float(weight), 5) for weight in weights]
    return {"intercept": rounded[0], "confidence": rounded[1], "score": rounded[2], "kinds": dict(zip(names, rounded[3:]))}


def calibrate(table, raw, score, kinds):
    offsets = np.array([table["kinds"].get(kind, 0.0) for kind in kinds])
    sums = table["intercept"] + table["confidence"] * logit(raw) + table["score"] * logit(score) + offsets
    return 1 / (1 + np.exp(-sums))


def threshold_for(precision, confidence, right, least=40):
    """The lowest confidence from which on the share right is at least `precision`, and the share of hunks covered."""
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((shares >= precision) & (np.arange(len(order)) >= least))
    if not len(good):
        return 1.01, 0.0
    return float(confidence[order][good[-1]]), float((good[-1] + 1) / len(order))
