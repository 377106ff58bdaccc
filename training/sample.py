"""A sample of the ranker's errors, to be read by a person: drawn at random, each category by its share."""

import numpy as np

SEED = 7
SAMPLE = 100
# Longer texts are cut in the middle, in characters.
LONGEST = 3000


def proportional(groups, count):
    """How many of each group, by largest remainder."""
    names, sizes = np.unique(groups, return_counts=True)
    shares = sizes * count / sizes.sum()
    quota = np.floor(shares).astype(int)
    for place in np.argsort(-(shares - quota), kind="stable")[: count - quota.sum()]:
        quota[place] += 1
    return dict(zip(names, quota))


def draw_errors(data, judged):
    """Reported cases whose first candidate is wrong: a stratified random sample, proportional to category."""
    random = np.random.default_rng(SEED)
    wrong = np.flatnonzero(data.reported & (judged.right == 0))
    groups = np.array([data.cases[case]["category"] for case in wrong])
    quota = proportional(groups, min(SAMPLE, len(wrong)))
    return np.concatenate([np.sort(random.choice(wrong[groups == name], size, replace=False)) for name, size in quota.items()])


def cut(text):
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}\n… {len(text) - LONGEST} characters cut …\n{text[-half:]}"


def described(data, judged, texts, at, number):
    case, text = data.cases[at], texts[data.cases[at]["id"]]
    first, place = judged.first[at] - data.start[at], int(judged.place[at])
    known = case["names"]
    key = f"right candidate: place {place} of {len(known)}" if place else f"no right candidate among {len(known)}"
    parts = [f"==== {number}. {case['id']} ({case['category']})", f"{key}; put first: {', '.join(known[first])} (score {judged.score[at]:.2f})"]
    if place:
        rows = np.flatnonzero(data.right[data.start[at] : data.start[at + 1]])
        parts.append("right: " + " | ".join(", ".join(known[row]) for row in rows))
    for part in ("before", "base", "ours", "theirs", "resolution", "after"):
        shown = text[part]
        if part == "before":
            shown = "".join(shown.splitlines(True)[-6:])
        if part == "after":
            shown = "".join(shown.splitlines(True)[:6])
        parts.append(f"---- {part}\n{cut(shown)}")
    return "\n".join(parts)


def write(file, data, judged, texts):
    """Writes the sampled errors, with their texts, and returns how many. The same features and scores give the same sample."""
    chosen = draw_errors(data, judged)
    file.write_text("\n".join(described(data, judged, texts, at, number) for number, at in enumerate(chosen, 1)))
    return len(chosen)
