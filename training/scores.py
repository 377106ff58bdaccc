"""From the trees' sums to one score a candidate, and to the order of a hunk's candidates. src/merge/rank/scores.ts does the same."""

import numpy as np

# Share of the pairwise order in the blend, and the most that a hunk's candidates may have together.
ORDER_SHARE = 0.5
MOST_MASS = 0.97


def softmax_by_case(sums, case):
    highest = np.full(case.max() + 1, -np.inf)
    np.maximum.at(highest, case, sums)
    powers = np.exp(sums - highest[case])
    return powers / np.bincount(case, powers)[case]


def blend(point, order, case):
    """Pointwise probabilities keep the hunk's mass; the pairwise order shares in how it is spread."""
    mass = np.bincount(case, point)
    spread = (1 - ORDER_SHARE) * point / np.maximum(mass, 1e-9)[case] + ORDER_SHARE * softmax_by_case(order, case)
    return spread * np.minimum(mass, MOST_MASS)[case]


def gather(score, same):
    """Candidates that differ in layout alone stand for one answer: each has the sum of all."""
    return np.bincount(same, score, len(score))[same]


def ranking(score, same):
    """A key to sort by: of each answer the likeliest layout, answers by their sums; then the other layouts."""
    best = np.full(len(score), -1.0)
    np.maximum.at(best, same, score)
    total = gather(score, same)
    return np.where(score >= best[same], total, total - 2)


def first_rows(key, start):
    """The row of each case's first candidate."""
    return np.array([s + int(np.argmax(key[s:e])) for s, e in zip(start[:-1], start[1:])])


def top_rows(key, start, count=3):
    return [s + np.argsort(-key[s:e], kind="stable")[:count] for s, e in zip(start[:-1], start[1:])]
